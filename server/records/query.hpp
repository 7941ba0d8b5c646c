#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/json_value.hpp"
#include "records/error.hpp"
#include "records/filter.hpp"
#include "records/key_patterns.hpp"
#include "records/record.hpp"

namespace flowcast::records {

inline constexpr std::size_t longest_query_json = 65'536;  // bytes
inline constexpr std::size_t most_sort_fields = 16;
inline constexpr std::size_t most_selected_fields = 256;

struct sort_field {
  std::vector<std::string> path;
  bool descending = false;
};

// What Feathers' clients ask of find, and of the other methods that take a query. A value: cheap to
// copy, immutable but for the limit, safe to read from any thread.
class query {
 public:
  // Everything, in the store's order.
  query() = default;

  // Of a URL, without its '?'. Values are strings, and are compared as numbers (and booleans) with
  // fields that are.
  [[nodiscard]] static result<query> from_query_string(std::string_view text);

  // Of a socket's params: JSON text. What is no object is an empty query where JavaScript sees no
  // members in it, and matches nothing where it does (as "str", whose members are its characters).
  [[nodiscard]] static result<query> from_json(std::string_view text);

  // Whatever is asked, about records with these keys alone: no other matches from now on.
  void narrow_to(std::shared_ptr<const key_patterns> keys) { only_ = std::move(keys); }

  // Whether narrow_to() leaves records with this key.
  [[nodiscard]] bool reaches(std::string_view key) const { return !only_ || only_->matches(key); }

  // … and those alone in which this field is a higher number.
  void narrow_to_higher(std::string field, std::int64_t than) {
    higher_ = {std::move(field), than};
  }

  [[nodiscard]] bool matches(const record& candidate) const;
  [[nodiscard]] bool matches_all() const {
    return !only_ && higher_.first.empty() && (!compiled_ || compiled_->conditions.matches_all());
  }

  // Without a value if any key may match. Else all records that match have one of these keys, or
  // none (key_of is empty): to narrow a search by an index, before matches() decides.
  [[nodiscard]] std::optional<std::vector<std::string>> possible_keys(
      std::string_view key_field) const;

  // The text or number that a field must equal, as text; without a value where there is no such
  // condition.
  [[nodiscard]] std::optional<std::string> required(std::string_view field) const;

  // The query as JSON where it has conditions; else nothing.
  [[nodiscard]] std::string_view conditions() const {
    return compiled_ && !compiled_->conditions.matches_all() ? std::string_view(compiled_->json)
                                                             : std::string_view();
  }

  [[nodiscard]] bool has_sort() const { return compiled_ && !compiled_->sort.empty(); }
  // Puts records into the order of $sort; order is kept among equals.
  void sort(std::vector<record>& found) const;

  [[nodiscard]] bool has_select() const { return compiled_ && compiled_->select.has_value(); }
  // The record with the members of $select alone, in their order, and its id.
  [[nodiscard]] record select(record from, std::string_view id_field) const;

  // How many records at most, if that was said and makes sense. `$limit=0` asks for none.
  std::optional<std::int64_t> limit;
  std::int64_t skip = 0;
  // `$deliverAfter`: how long a publish is to be held back.
  std::chrono::milliseconds deliver_after{0};

 private:
  struct compiled {
    std::string json;  // what all slices are of
    filter conditions;
    std::vector<sort_field> sort;
    std::optional<std::vector<std::string>> select;
  };

  [[nodiscard]] static result<query> compile(std::string json, bool from_url);
  [[nodiscard]] result<void> take_filter(compiled& into, std::string_view name,
                                         protocol::json_value value);

  std::shared_ptr<const compiled> compiled_;
  std::shared_ptr<const key_patterns> only_;
  std::pair<std::string, std::int64_t> higher_;  // without a name: none
};

}  // namespace flowcast::records
