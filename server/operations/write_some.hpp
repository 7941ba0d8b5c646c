#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace flowcast::operations {

// Writes as much as leaves without waiting, after waiting so long for a reader: how many bytes that
// were, 0 if there was none. Nothing once the descriptor is closed. Where the system cannot tell
// whether somebody reads (Windows), it waits for as long as it takes.
[[nodiscard]] std::optional<std::size_t> write_some(int descriptor, std::string_view text,
                                                    std::chrono::milliseconds longest);

}  // namespace flowcast::operations
