// Queries, from a URL and from a socket: what is taken can be used, and the index that narrows a
// search never hides a record that matches.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/property.hpp"
#include "protocol/json_scanner.hpp"
#include "records/query.hpp"
#include "records/query_string.hpp"
#include "records/record.hpp"

namespace flowcast::records {
namespace {

using fuzz::require;

const std::vector<record>& some_records() {
  static const std::vector<record> all = [] {
    std::vector<record> made;
    std::int64_t id = 0;
    for (const char* text :
         {R"({"text":"a","n":3})", R"({"text":"b","n":4,"o":{"p":[1,"x"]}})", R"({"n":null})",
          R"({"text":9007199254740993123,"n":"3","flag":true})", R"({"text":"é€😀","t":""})"}) {
      made.push_back(make_record(read_document(text, {}).value(), ++id, {}));
    }
    return made;
  }();
  return all;
}

void use(const query& asked) {
  const auto keys = asked.possible_keys("text");
  std::vector<record> found;
  for (const record& candidate : some_records()) {
    if (!asked.matches(candidate)) {
      continue;
    }
    require(!keys || std::find(keys->begin(), keys->end(), candidate.key) != keys->end(),
            "a record that matches has one of the possible keys");
    found.push_back(candidate);
  }
  require(!asked.matches_all() || found.size() == some_records().size(), "all match all");
  const std::size_t count = found.size();
  asked.sort(found);
  require(found.size() == count, "sorting loses nothing");
  for (const record& each : found) {
    const record selected = asked.select(each, "id");
    require(static_cast<bool>(protocol::scan_json(selected.json).value.member("id")),
            "what is selected is an object with its id");
  }
}

void check_input(std::string_view text) {
  const auto json = query_string_to_json(text);
  if (json) {
    const auto scan = protocol::scan_json(*json);
    require(scan && scan.value.is(protocol::json_kind::object), "a query string makes an object");
  }
  if (const auto asked = query::from_query_string(text)) {
    use(*asked);
  }
  if (const auto asked = query::from_json(text)) {
    use(*asked);
  }
}

}  // namespace
}  // namespace flowcast::records

void flowcast::fuzz::try_input(std::string_view input) {
  records::check_input(input);
}
