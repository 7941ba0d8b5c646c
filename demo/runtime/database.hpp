#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/entity.hpp"
#include "runtime/guid.hpp"
#include "runtime/object.hpp"

namespace flowcast::demo {

/// Which objects to retrieve: all of an entity, or those with one attribute at a value, in an
/// order.
struct query {
  struct sort_item {
    std::string attribute;
    bool ascending = true;
  };

  std::string entity;
  std::optional<guid> id;
  std::optional<std::pair<std::string, nlohmann::json>> equals;  ///< attribute and value
  std::vector<sort_item> sort;
  std::size_t offset = 0;
  std::size_t amount = 100;
};

/// The committed objects, in memory: they are gone when the demo app stops. One thread.
class database {
 public:
  /// Adds an entity to the domain model. Call it before anything else.
  void add(entity e);

  [[nodiscard]] const entity* find_entity(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, entity, std::less<>>& entities() const {
    return entities_;
  }

  /// A new object with the default values. It is not in the database before it is written.
  [[nodiscard]] object instantiate(const entity& type);

  [[nodiscard]] std::optional<object> find(guid id) const;

  /// The objects that a query asks for, and how many there are in all.
  struct page {
    std::vector<object> objects;
    std::size_t total = 0;
  };
  [[nodiscard]] page retrieve(const query& q) const;

  void write(const object& o) { objects_.insert_or_assign(o.id, o); }
  void remove(guid id) { objects_.erase(id); }

 private:
  std::map<std::string, entity, std::less<>> entities_;
  std::map<std::uint16_t, std::int64_t> sequences_;
  std::map<guid, object> objects_;
};

}  // namespace flowcast::demo
