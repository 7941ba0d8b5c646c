#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "stores/event_store.hpp"
#include "stores/nats_link.hpp"
#include "stores/nats_message.hpp"
#include "stores/nats_view.hpp"
#include "stores/recent_log.hpp"
#include "stores/store_options.hpp"
#include "stores/view_source.hpp"
#include "stores/write_queue.hpp"

namespace flowcast::stores {

// The publishing half of a node: it plans a write on this node's view, publishes what is to change,
// and answers when the view has it.
//
// Rules
//  1. A write is answered by who follows the stream, with complete(): it is then stored by the
//     cluster, in the view, and told.
//  2. One that the cluster does not take is repeated, with one message id, so that it is stored
//     once, until it is given up with errc::unavailable: whether it will be stored after all is
//     then not known, and repeating it with its idempotency key is safe.
//  3. One that lost its record to another node's is planned again, on what is now there.
class nats_publisher {
 public:
  // All outlive it. `told`: what the sink was told of the log.
  nats_publisher(const store_options& options, nats_link& link, view_source& source,
                 const recent_log& told, std::uint64_t epoch);
  nats_publisher(const nats_publisher&) = delete;
  nats_publisher& operator=(const nats_publisher&) = delete;
  ~nats_publisher() { stop(); }

  void start();
  // Takes no more, and returns when all are answered; meanwhile the stream must be followed.
  void stop();

  // From any thread.
  void submit(write request, completion<written> done);
  [[nodiscard]] std::size_t waiting() const;

  // From the link's threads.
  void on_answer(const publish_answer& answer);
  // From the thread that follows the stream: the view has these, and all others up to `through`.
  void complete(std::vector<applied_message> applied, std::uint64_t through);

 private:
  using steady_time = std::chrono::steady_clock::time_point;

  // A write that was published and is not answered yet.
  struct in_flight {
    prepared_write write;
    std::string payload;
    std::string message_id;
    steady_time give_up;
    steady_time repeat_at = steady_time::max();  // unless it is known to be stored by then
    std::uint64_t told_by = 0;  // the sequence of the message that another write's key met
    records::error failure;
  };

  void run();
  void publish(prepared_write write);
  // Without what it changes, and by whom.
  [[nodiscard]] log_message message_of(const write& request) const;
  void send(std::uint64_t number, const std::string& payload, const std::string& message_id);
  void repeat_and_give_up(bool stopping);
  // Of a write of this node, what it is known by in pending_.
  [[nodiscard]] std::optional<std::uint64_t> own_number(std::string_view writer) const;

  const store_options& options_;
  const std::string node_;  // in the writers of this node's messages
  const std::uint64_t epoch_;
  const std::vector<records::record_fields> fields_;
  nats_link& link_;
  view_source& source_;
  const recent_log& told_;
  write_queue queue_;

  mutable std::mutex pending_mutex_;
  std::map<std::uint64_t, in_flight> pending_;
  std::uint64_t last_number_ = 0;
  std::uint64_t last_resolved_ = 0;

  std::thread thread_;
};

}  // namespace flowcast::stores
