#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/json_value.hpp"
#include "records/error.hpp"
#include "records/record_id.hpp"

namespace flowcast::records {

// A JSON object with an id. Immutable once a store has it.
struct record {
  record_id id;
  std::string key;   // of its key field: a string's content or a number's canonical text; empty: it
                     // has no key
  std::string json;  // compact JSON, members in the order they came, the id among them
};

// Which members of a service's records mean something to the server.
struct record_fields {
  std::string id = "id";
  std::string key = "text";
};

inline constexpr unsigned deepest_record = 64;  // arrays and objects that may be open at once

// A document that has been checked: one JSON object, compact, with what the server must know of it.
// The id field stands in it once at most.
struct document {
  std::string json;
  std::optional<record_id> id;  // what the client gave; a falsy id counts as none, as in Feathers
  std::string key;
  std::size_t id_at = 0;    // where the id's value stands in `json`; meaningful if id_size is not 0
  std::size_t id_size = 0;  // bytes; 0: no such member
};

// bad_request for what is not one JSON object, and for an id that is no id.
[[nodiscard]] result<document> read_document(std::string text, const record_fields& fields);

// The document as the record `id`. `id_json` is the JSON of the id: it replaces the value that the
// document has, in its place, or is appended as the last member.
[[nodiscard]] record make_record(document from, record_id id, std::string_view id_json,
                                 const record_fields& fields);
[[nodiscard]] record make_record(document from, std::int64_t id, const record_fields& fields);

// What `current` becomes when it is updated with (replaced by) or patched with a document: the id
// stays as it is.
[[nodiscard]] record update_record(const record& current, document with,
                                   const record_fields& fields);
[[nodiscard]] record patch_record(const record& current, const document& with,
                                  const record_fields& fields);

// The key in a value of the key field; empty for a value that can be none.
[[nodiscard]] std::string key_of(protocol::json_value value);

}  // namespace flowcast::records
