#include "runtime/microflow.hpp"

#include <utility>

namespace flowcast::demo {

std::optional<object> microflow_context::find(guid id) const {
  const auto held = objects_.find(id);
  return held == objects_.end() ? data_.find(id) : std::optional{held->second};
}

bool microflow_context::bring(guid id, const std::string& attribute_name,
                              const nlohmann::json& value) {
  auto held = find(id);
  if (!held || !held->set(attribute_name, value)) {
    return false;
  }
  changes_[id][attribute_name] = value;
  bring(std::move(*held));
  return true;
}

std::optional<object> microflow_context::create(std::string_view entity_name) {
  const entity* const type = data_.find_entity(entity_name);
  if (type == nullptr) {
    return std::nullopt;
  }
  auto created = data_.instantiate(*type);
  bring(created);
  return created;
}

void microflow_context::commit(const object& o, bool refresh_in_client) {
  bring(o);
  changes_.erase(o.id);
  committed_.insert_or_assign(o.id, o);
  if (refresh_in_client) {
    to_client_.insert_or_assign(o.id, o);
  }
}

void microflow_context::remove(guid id) {
  committed_.erase(id);
  to_client_.erase(id);
  removed_.push_back(id);
  say({{"type", "remove_object"}, {"guid", to_string(id)}});
}

void microflow_context::refresh_in_client(guid id) {
  if (auto stored = data_.find(id)) {
    to_client_.insert_or_assign(id, std::move(*stored));
  } else if (!objects_.contains(id)) {
    say({{"type", "remove_object"}, {"guid", to_string(id)}});
  }
}

void microflow_context::roll_back(guid id) {
  changes_.erase(id);
  objects_.erase(id);
  refresh_in_client(id);
}

void microflow_context::refresh_lists(std::string entity_name) {
  say({{"type", "refresh_class"}, {"class", std::move(entity_name)}});
}

nlohmann::json microflow_context::end() {
  for (const auto& [id, o] : committed_) {
    data_.write(o);
  }
  for (const guid id : removed_) {
    data_.remove(id);
  }
  auto objects = nlohmann::json::array();
  auto changes = nlohmann::json::object();
  for (const auto& [id, o] : to_client_) {
    objects.push_back(to_json(o));
    if (const auto uncommitted = changes_.find(id); uncommitted != changes_.end()) {
      changes[to_string(id)] = uncommitted->second;
    }
  }
  return {{"actionResult", result},
          {"objects", std::move(objects)},
          {"changes", std::move(changes)},
          {"instructions", instructions_}};
}

}  // namespace flowcast::demo
