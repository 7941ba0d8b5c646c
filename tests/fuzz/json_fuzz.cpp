// A text is read as the oracle reads it, and what is read can be written and read again.

#include <cstddef>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "fuzz/property.hpp"
#include "protocol/json_scanner.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/utf8.hpp"

namespace flowcast::protocol {
namespace {

using fuzz::require;

// Rebuilds a value from what the cursors give, without white space.
void rebuild(const json_value& value, std::string& out) {
  std::string buffer;
  std::string_view before;
  switch (value.kind()) {
    case json_kind::string: {
      const std::string_view content = value.string(buffer);
      require(is_utf8(content), "a string's content is UTF-8");
      require(value.equals(content), "a string equals its content");
      append_json_string(out, content);
      break;
    }
    case json_kind::array:
      out += '[';
      for (const json_value& element : value.elements()) {
        out += before;
        rebuild(element, out);
        before = ",";
      }
      out += ']';
      break;
    case json_kind::object:
      out += '{';
      for (const json_member& member : value.members()) {
        out += before;
        rebuild(member.name, out);
        out += ':';
        rebuild(member.value, out);
        before = ",";
        require(static_cast<bool>(value.member(member.name.string(buffer))),
                "a member is found by its name");
      }
      out += '}';
      break;
    default:
      out += value.text();
      break;
  }
}

// The oracle refuses numbers beyond double's range, skips a byte order mark, and takes a NUL for
// the end: no rules of ours.
bool comparable(std::string_view text) {
  return text.find_first_of("eE") == std::string_view::npos && text.size() < 300 &&
         !text.starts_with('\xef') && text.find('\0') == std::string_view::npos;
}

void check_input(std::string_view text) {
  const json_scan scan = scan_json(text, highest_json_depth);
  require(scan.at <= text.size(), "a fault lies in the text");
  require(static_cast<bool>(scan) == static_cast<bool>(scan.value), "a good text has a value");
  if (comparable(text) && scan.fault != json_fault::too_deep) {
    require(static_cast<bool>(scan) == nlohmann::json::accept(text), "the oracle agrees");
  }
  if (!scan) {
    return;
  }
  std::string first;
  rebuild(scan.value, first);
  const json_scan again = scan_json(first, highest_json_depth);
  require(static_cast<bool>(again), "what is rebuilt is JSON");
  std::string second;
  rebuild(again.value, second);
  require(first == second, "rebuilding changes nothing twice");
  if (comparable(text)) {
    require(nlohmann::json::parse(text) == nlohmann::json::parse(first),
            "the oracle reads the same value");
  }
}

}  // namespace
}  // namespace flowcast::protocol

void flowcast::fuzz::try_input(std::string_view input) {
  protocol::check_input(input);
}
