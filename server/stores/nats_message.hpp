#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/event.hpp"
#include "stores/event_store.hpp"

// What a message of the stream says. The stream is the truth: every node applies its messages in
// their order and by the same rules, and so has the same records, ids and positions.
//
// Rules
//  1. A message is one write. Its changes have the positions sequence * 1024 + 0, 1, 2…
//  2. A change names the position of the event that it was planned on (its base; 0: there was no
//  such record). If any
//     change of a message is not on the record's last event any more, the whole message is void on
//     every node, and its writer plans anew: compare and set.
//  3. A created record without an id has the message's sequence for one (plus the service's
//  start_id - 1, and 2^42 for
//     each change before it in the message; plus 2^52 if a client took that number before).
//  4. A delayed record is kept until a message delivers it. Any node may publish that message; the
//  first one counts.
//  5. What retention does not keep is trimmed by a message too, so that all nodes trim at the same
//  point of the log.
//  6. A write with an idempotency key that was answered within the window is void.
namespace flowcast::stores {

inline constexpr unsigned change_bits = 10;
inline constexpr std::size_t most_changes_in_a_message = std::size_t{1} << change_bits;

[[nodiscard]] constexpr std::uint64_t position_in_message(std::uint64_t sequence,
                                                          std::uint64_t index) {
  return sequence << change_bits | index;
}
[[nodiscard]] constexpr std::uint64_t sequence_of(std::uint64_t position) {
  return position >> change_bits;
}

struct message_change {
  records::event_type type = records::event_type::created;
  std::optional<std::string> id;  // text; none: rule 3
  std::uint64_t base = 0;
  // The record; without an id where it has none yet. Removed: what its event says, where that is
  // not the record as it was; else empty.
  std::string json;
};

struct log_message {
  std::string writer;   // "NODE.NUMBER": who waits for it
  std::string service;  // by name
  std::int64_t at = 0;  // milliseconds since 1970, by the writer's clock
  std::optional<idempotency> once;
  std::vector<message_change> changes;
  std::int64_t due = 0;       // milliseconds since 1970: the changes are for then
  std::uint64_t deliver = 0;  // the position of a delayed change, which is due
  std::uint64_t trim = 0;     // through this position
};

[[nodiscard]] std::string to_json(const log_message& message);

// Without a value for what is none, as another program may publish into the stream.
[[nodiscard]] std::optional<log_message> parse_message(std::string_view json);

// The writer of a message, without reading all of it.
[[nodiscard]] std::string_view writer_of(std::string_view json);

}  // namespace flowcast::stores
