#include "runtime/object.hpp"

#include <utility>

namespace flowcast::demo {

const nlohmann::json& object::get(std::string_view name) const {
  static const nlohmann::json empty;
  const auto found = attributes.find(name);
  return found == attributes.end() ? empty : found->second;
}

bool object::set(std::string_view name, nlohmann::json value) {
  const attribute* const known = type->find(name);
  if (known == nullptr || !accepts(*known, value)) {
    return false;
  }
  attributes.insert_or_assign(known->name, std::move(value));
  return true;
}

nlohmann::json to_json(const object& o) {
  auto attributes = nlohmann::json::object();
  for (const auto& [name, value] : o.attributes) {
    attributes[name] = {{"value", value}};
  }
  return {{"objectType", o.type->name},
          {"guid", to_string(o.id)},
          {"attributes", std::move(attributes)}};
}

}  // namespace flowcast::demo
