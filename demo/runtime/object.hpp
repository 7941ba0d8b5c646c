#pragma once

#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "runtime/entity.hpp"
#include "runtime/guid.hpp"

namespace flowcast::demo {

/// An object of an entity: its identity and one value for each of the entity's attributes.
struct object {
  guid id;
  const entity* type = nullptr;  ///< owned by the database, which outlives its objects
  std::map<std::string, nlohmann::json, std::less<>> attributes;

  /// The value of an attribute; null when it is empty.
  [[nodiscard]] const nlohmann::json& get(std::string_view name) const;

  /// Gives an attribute a value. False, and nothing changes, when the entity has no such attribute
  /// or the attribute cannot hold the value.
  [[nodiscard]] bool set(std::string_view name, nlohmann::json value);
};

/// The object as pages get it: `{"objectType", "guid", "attributes": {name: {"value": …}}}`.
[[nodiscard]] nlohmann::json to_json(const object& o);

}  // namespace flowcast::demo
