#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/json_value.hpp"

namespace flowcast::protocol {

// Where a Socket.IO payload had binary data, it has `{"_placeholder":true,"num":n}`, and the n-th
// binary message after the packet is what belongs there (Socket.IO protocol, "binary events").

// The attachment that `value` stands for; nothing if it is no placeholder. A placeholder whose
// number is not a plain index gives no_attachment.
inline constexpr std::uint32_t no_attachment = 0xffffffff;
[[nodiscard]] std::optional<std::uint32_t> placeholder_index(const json_value& value);

enum class attachment_fault : std::uint8_t { none, bad_placeholder, too_large };

// Appends `payload` as JSON in which each placeholder is replaced by its attachment, written as
// Node writes a Buffer: `{"type":"Buffer","data":[1,2,3]}`. That takes up to four bytes for one,
// and a placeholder may be repeated, so what is appended is limited to `max_size` bytes. With a
// fault, `out` has an unusable end.
[[nodiscard]] attachment_fault append_with_attachments(std::string& out, const json_value& payload,
                                                       std::span<const std::string> attachments,
                                                       std::size_t max_size);

}  // namespace flowcast::protocol
