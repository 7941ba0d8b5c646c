#include "services/document_list.hpp"

#include "protocol/json_scanner.hpp"
#include "records/record.hpp"

namespace flowcast::services {

using records::errc;
using records::error;

bool is_array(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '[';
}

records::result<std::vector<std::string>> split_array(std::string_view text, std::size_t most) {
  const protocol::json_scan scan = protocol::scan_json(text, records::deepest_record + 1);
  if (!scan) {
    return error{errc::bad_request,
                 "the body is not valid JSON: " + std::string(describe(scan.fault)) + " at byte " +
                     std::to_string(scan.at),
                 {},
                 {},
                 scan.fault == protocol::json_fault::too_deep ? records::error_cause::json_too_deep
                                                              : records::error_cause::other};
  }
  std::vector<std::string> elements;
  for (const protocol::json_value& element : scan.value.elements()) {
    if (elements.size() == most) {
      return error{
          errc::payload_too_large,
          "an array may hold at most " + std::to_string(most) + " records: send it in parts",
          {},
          {}};
    }
    elements.emplace_back(element.text());
  }
  return elements;
}

}  // namespace flowcast::services
