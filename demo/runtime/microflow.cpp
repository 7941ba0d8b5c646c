#include "runtime/microflow.hpp"

#include <utility>

namespace flowcast::demo {

std::optional<object> microflow_context::find(guid id) const {
  const auto held = objects_.find(id);
  return held == objects_.end() ? data_.find(id) : std::optional{held->second};
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

void microflow_context::roll_back(guid id) {
  if (auto stored = data_.find(id)) {
    bring(*stored);
    to_client_.insert_or_assign(id, std::move(*stored));
  } else {
    say({{"type", "remove_object"}, {"guid", to_string(id)}});
  }
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
  for (const auto& [id, o] : to_client_) {
    objects.push_back(to_json(o));
  }
  return {
      {"actionResult", result}, {"objects", std::move(objects)}, {"instructions", instructions_}};
}

}  // namespace flowcast::demo
