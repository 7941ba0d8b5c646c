// Documents that are published, and what they change.

#include <cstddef>
#include <string>
#include <string_view>

#include "fuzz/property.hpp"
#include "protocol/json_scanner.hpp"
#include "records/record.hpp"

namespace flowcast::records {
namespace {

using fuzz::require;
using protocol::json_value;
using protocol::scan_json;

constexpr std::int64_t new_id = 42;

// Also proves that a record is an object, and that its id is the one it was given.
json_value object_of(const record& made) {
  const auto scan = scan_json(made.json, protocol::highest_json_depth);
  require(scan && scan.value.is(protocol::json_kind::object), "a record is a JSON object");
  require(scan.value.member("id").text() == std::to_string(new_id), "a record has its id");
  return scan.value;
}

void check_input(std::string_view text) {
  const record_fields fields;
  const auto read = read_document(std::string(text), fields);
  if (!read) {
    return;
  }
  const auto given = scan_json(text, protocol::highest_json_depth);
  require(given && given.value.is(protocol::json_kind::object), "a document is a JSON object");

  const record made = make_record(*read, new_id, fields);
  const json_value object = object_of(made);
  require(made.key == key_of(object.member("text")), "the key is the key field's");

  const record before =
      make_record(read_document(R"({"text":"k","a":1})", fields).value(), new_id, fields);
  (void)object_of(update_record(before, *read, fields));
  const record patched = patch_record(before, *read, fields);
  const json_value after = object_of(patched);
  require(patched.key == key_of(after.member("text")), "the key follows a patch");
  require(static_cast<bool>(after.member("a")), "a patch keeps what it does not name");
}

}  // namespace
}  // namespace flowcast::records

void flowcast::fuzz::try_input(std::string_view input) {
  records::check_input(input);
}
