#include "protocol/json_scanner.hpp"

namespace flowcast::protocol {

std::string_view describe(json_fault fault) {
  switch (fault) {
    case json_fault::none:
      break;
    case json_fault::unexpected_end:
      return "the text ends too early";
    case json_fault::unexpected_character:
      return "unexpected character";
    case json_fault::bad_number:
      return "malformed number";
    case json_fault::bad_escape:
      return "unknown escape in a string";
    case json_fault::control_character:
      return "a control character in a string must be escaped";
    case json_fault::invalid_utf8:
      return "the text is not UTF-8";
    case json_fault::lone_surrogate:
      return "half of a surrogate pair in a string";
    case json_fault::too_deep:
      return "arrays and objects are nested too deeply";
  }
  return "well formed";
}

}  // namespace flowcast::protocol
