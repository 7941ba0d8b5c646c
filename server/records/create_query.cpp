#include "records/create_query.hpp"

#include <string>

#include "protocol/json_scanner.hpp"
#include "records/query_string.hpp"

namespace flowcast::records {

result<query> create_query_from_query_string(std::string_view text) {
  if (text.empty()) {
    return query();
  }
  const auto json = query_string_to_json(text);
  if (!json) {
    return json.error();
  }
  return create_query_from_json(*json);
}

result<query> create_query_from_json(std::string_view text) {
  const protocol::json_scan scan = protocol::scan_json(text);
  if (!scan) {
    return query::from_json(text);  // which says what is wrong
  }
  std::string read = "{";
  for (const protocol::json_member& member : scan.value.members()) {
    if (member.name.equals("$select") || member.name.equals("$deliverAfter")) {
      read += read.size() > 1 ? "," : "";
      read += member.name.text();
      read += ':';
      read += member.value.text();
    }
  }
  return query::from_json(read + '}');
}

}  // namespace flowcast::records
