#include "runtime/database.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace flowcast::demo {
namespace {

double decimal_value(const nlohmann::json& value) {
  const auto& text = value.get_ref<const std::string&>();
  double number = 0;
  // What is stored has passed accepts(), so there is nothing to report here.
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Whether a value comes before another in the order of their attribute; empty comes first.
bool comes_before(attribute_type type, const nlohmann::json& left, const nlohmann::json& right) {
  if (type == attribute_type::decimal && left.is_string() && right.is_string()) {
    return decimal_value(left) < decimal_value(right);
  }
  return left < right;
}

void sort(std::vector<object>& objects, const entity& type, const query::sort_item& by) {
  const attribute* const known = type.find(by.attribute);
  if (known == nullptr) {
    return;
  }
  std::stable_sort(objects.begin(), objects.end(), [&](const object& a, const object& b) {
    return by.ascending ? comes_before(known->type, a.get(known->name), b.get(known->name))
                        : comes_before(known->type, b.get(known->name), a.get(known->name));
  });
}

}  // namespace

void database::add(entity e) {
  auto name = e.name;
  entities_.emplace(std::move(name), std::move(e));
}

const entity* database::find_entity(std::string_view name) const {
  const auto found = entities_.find(name);
  return found == entities_.end() ? nullptr : &found->second;
}

object database::instantiate(const entity& type) {
  object created;
  created.id = guid{(std::int64_t{type.number} << 48) + ++sequences_[type.number]};
  created.type = &type;
  for (const auto& a : type.attributes) {
    created.attributes.emplace(a.name, a.default_value);
  }
  return created;
}

std::optional<object> database::find(guid id) const {
  const auto found = objects_.find(id);
  return found == objects_.end() ? std::nullopt : std::optional{found->second};
}

database::page database::retrieve(const query& q) const {
  const entity* const type = find_entity(q.entity);
  if (type == nullptr) {
    return {};
  }
  page found;
  for (const auto& [id, candidate] : objects_) {
    if (candidate.type == type && (!q.id || *q.id == id) &&
        (!q.equals || candidate.get(q.equals->first) == q.equals->second)) {
      found.objects.push_back(candidate);
    }
  }
  std::for_each(q.sort.rbegin(), q.sort.rend(),
                [&](const auto& by) { sort(found.objects, *type, by); });
  found.total = found.objects.size();
  const auto begin = found.objects.begin();
  const auto first = std::min(q.offset, found.total);
  const auto last = first + std::min(q.amount, found.total - first);
  found.objects.erase(begin + static_cast<std::ptrdiff_t>(last), found.objects.end());
  found.objects.erase(begin, begin + static_cast<std::ptrdiff_t>(first));
  return found;
}

}  // namespace flowcast::demo
