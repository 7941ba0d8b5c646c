#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operations/metrics.hpp"
#include "operations/tally.hpp"
#include "records/error.hpp"

namespace flowcast::operations {

// Why something was not let in: each limit, and each mistake that leaves a client hearing nothing.
enum class rejection : std::uint8_t {
  connections,              // max-connections
  connections_per_address,  // max-connections-per-address
  header_timeout,
  body_timeout,
  write_timeout,  // an answer that was not taken
  header_size,
  body_size,
  message_timeout,
  message_size,   // a packet longer than max-payload
  outbound_size,  // more waits for a client, or for all of them, than may: it is too slow
  json_depth,
  subscriptions,  // keys of one session, or the bytes of a key
  locks,          // of one holder, or of all
  presence,       // of one connection, or of all
  publish_rate,
  packet_rate,
  origin,
  token,       // none, where one is needed, or one that is refused
  permission,  // the token does not allow it
  unknown_service,
  unknown_namespace,
  malformed,  // a request or packet that cannot be read
};
inline constexpr std::size_t rejection_reasons = 22;

[[nodiscard]] std::string_view to_string(rejection why);
// What an error that a client is told counts as; nothing where it is an answer like others, such as
// that there is no such record.
[[nodiscard]] std::optional<rejection> rejection_of(const records::error& told);

// What was turned away, counted by reason, and the latest of it, for whoever looks for the reason.
// Thread-safe; costs only those who are turned away.
class rejections final : public metric_source {
 public:
  struct entry {
    std::uint64_t number = 0;  // they are counted from 1
    std::chrono::system_clock::time_point when;
    rejection why = rejection::malformed;
    std::string address;
    std::string detail;  // what was said to the client; holds no token and no record
  };
  static constexpr std::size_t kept = 64;

  void add(rejection why, std::string_view address, std::string_view detail);

  [[nodiscard]] std::uint64_t count(rejection why) const {
    return counts_[static_cast<std::size_t>(why)].value();
  }
  // Those after number `seen`, the oldest first, as far as they are kept.
  [[nodiscard]] std::vector<entry> since(std::uint64_t seen) const;

  void write_metrics(metric_text& to) const override;

 private:
  std::array<shared_tally, rejection_reasons> counts_;
  mutable std::mutex mutex_;
  std::deque<entry> latest_;
  std::uint64_t total_ = 0;
};

}  // namespace flowcast::operations
