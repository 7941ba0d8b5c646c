#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/json_value.hpp"
#include "records/error.hpp"

namespace flowcast::records {

inline constexpr std::size_t most_query_values = 1000;  // that one query may compare with
inline constexpr unsigned deepest_query =
    16;  // $or and $and within each other, and names within a path

// A value that a query compares with.
struct operand {
  protocol::json_value value;
  // Where the value is text out of a URL, what it says as a number or boolean: meant where the
  // compared field is one.
  protocol::json_value coerced;
};

enum class comparison : std::uint8_t {
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in,
  not_in
};

// Which records a query is about: the conditions of Feathers' query language as compiled from JSON.
// Slices of that JSON are kept: it must outlive the filter.
class filter {
 public:
  // Everything.
  filter() = default;

  // The conditions in the members of a query that are no filters ($limit and its like, which the
  // caller takes out). `from_url`: all leaves are strings. bad_request with Feathers' texts for
  // what is no condition.
  [[nodiscard]] static result<filter> compile(const std::vector<protocol::json_member>& members,
                                              bool from_url);

  // What no record matches.
  [[nodiscard]] static filter nothing();

  [[nodiscard]] bool matches(protocol::json_value record) const;
  [[nodiscard]] bool matches_all() const { return kind_ == kind::all && children_.empty(); }

  // The operand, if the field must equal it whatever else is asked; nullptr if there is no such
  // condition.
  [[nodiscard]] const operand* required(std::string_view field) const;

 private:
  friend class filter_compiler;
  enum class kind : std::uint8_t { all, any, condition };

  kind kind_ = kind::all;
  std::vector<filter> children_;   // all, any
  std::vector<std::string> path_;  // condition
  comparison comparison_ = comparison::equal;
  std::vector<operand> operands_;  // one; in, not_in: any number
};

}  // namespace flowcast::records
