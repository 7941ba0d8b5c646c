#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/frame_decoder.hpp"

namespace flowcast::support {

// All that a decoder gives for `bytes`, one event after the other: "text:…", "ping:…",
// "close 1000:…", "violation 1002:…". The input comes in pieces that end at `cuts` (ascending).
[[nodiscard]] std::vector<std::string> transcript(
    std::string_view bytes, std::size_t max_message, const std::vector<std::size_t>& cuts = {},
    protocol::masking rule = protocol::masking::required);

// `bytes` one at a time.
[[nodiscard]] std::vector<std::size_t> every_cut(std::string_view bytes);

}  // namespace flowcast::support
