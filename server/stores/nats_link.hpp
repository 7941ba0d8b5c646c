#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "stores/nats_address.hpp"
#include "stores/peer_link.hpp"

namespace flowcast::stores {

// The stream as it is now.
struct stream_state {
  std::uint64_t first =
      1;  // sequences of its oldest and newest message; empty: newest is one less than oldest
  std::uint64_t last = 0;
  std::uint64_t epoch =
      0;  // of this stream alone: one that is made anew by the same name has another
};

struct stream_message {
  std::uint64_t sequence = 0;
  std::string payload;
};

// How a publish ended.
struct publish_answer {
  enum class outcome { stored, repeated, retry, too_large, no_room };

  std::string writer;
  outcome what = outcome::stored;
  std::uint64_t sequence = 0;  // stored, repeated
  std::string text;            // of a failure
};

// What reads the stream from one sequence on, in order. One thread. Ends by itself, with an error,
// where it may have missed something: whoever reads makes another one.
class stream_reader {
 public:
  stream_reader() = default;
  stream_reader(const stream_reader&) = delete;
  stream_reader& operator=(const stream_reader&) = delete;
  virtual ~stream_reader() = default;

  enum class state { message, nothing_yet, broken };
  [[nodiscard]] virtual state next(stream_message& into, std::chrono::milliseconds wait) = 0;
};

// A connection to NATS and to one stream, which is made if it is not there. Reconnects by itself
// for ever. Its calls are safe from any thread; `answered` is called on a thread of the client
// library, and not after the link is destroyed.
class nats_link {
 public:
  // Throws std::runtime_error, with what to do about it.
  nats_link(const nats_address& address, std::chrono::seconds dedupe_window,
            std::function<void(publish_answer)> answered);
  nats_link(const nats_link&) = delete;
  nats_link& operator=(const nats_link&) = delete;
  ~nats_link();

  // Publishes a message of the form of nats_message.hpp; the answer comes to `answered`. The stream
  // keeps only the first of those that come with one `message_id` within the window. False if it
  // could not even be sent.
  [[nodiscard]] bool publish(const std::string& payload, const std::string& message_id);

  [[nodiscard]] std::size_t largest_payload() const;
  [[nodiscard]] bool connected() const;
  // Asks the cluster; without a value if it does not answer.
  [[nodiscard]] std::optional<stream_state> state() const;
  // nullptr if the cluster does not answer. The link outlives the reader.
  [[nodiscard]] std::unique_ptr<stream_reader> read_from(std::uint64_t sequence) const;
  // Beside the stream: what is told here is kept nowhere. The link outlives it.
  [[nodiscard]] std::unique_ptr<peer_link> open_peers(const std::string& topic) const;
  // Removes the messages before a sequence from the stream, as far as that succeeds.
  void purge_before(std::uint64_t sequence);

 private:
  class link_state;
  std::unique_ptr<link_state> state_;
};

}  // namespace flowcast::stores
