#pragma once

#include <cstddef>
#include <cstdint>

namespace flowcast::protocol {

// What frame_decoder and frame_encoder share of the websocket protocol, RFC 6455.

// Section 5.2.
enum class opcode : std::uint8_t {
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  close = 0x8,
  ping = 0x9,
  pong = 0xa,
};

// Section 5.5: the payload of close, ping and pong.
inline constexpr std::size_t max_control_payload = 125;

// Section 7.4.1 and the registry that section 11.7 sets up.
namespace close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t none_given = 1005;  // never on the wire
inline constexpr std::uint16_t invalid_data = 1007;
inline constexpr std::uint16_t policy_violation = 1008;
inline constexpr std::uint16_t too_big = 1009;
inline constexpr std::uint16_t internal_error = 1011;
inline constexpr std::uint16_t service_restart = 1012;
inline constexpr std::uint16_t try_again_later = 1013;
}  // namespace close_code

// Whether a close frame may carry `code`.
[[nodiscard]] constexpr bool is_close_code(unsigned code) {
  const bool registered = code >= 1000 && code <= 1014;
  const bool reserved = code >= 1004 && code <= 1006;
  const bool of_libraries_or_applications = code >= 3000 && code <= 4999;
  return (registered && !reserved) || of_libraries_or_applications;
}

}  // namespace flowcast::protocol
