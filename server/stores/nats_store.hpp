#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "stores/early_reads.hpp"
#include "stores/event_store.hpp"
#include "stores/nats_address.hpp"
#include "stores/nats_link.hpp"
#include "stores/nats_upkeep.hpp"
#include "stores/nats_view.hpp"
#include "stores/sqlite_reads.hpp"
#include "stores/store_options.hpp"
#include "stores/view_source.hpp"
#include "stores/write_queue.hpp"

namespace flowcast::stores {

// Many nodes on one NATS JetStream cluster. The stream is the truth; nats_message.hpp has the rules
// by which all nodes read the same from it.
//
// One thread publishes: it plans a write on this node's view and publishes what is to change.
// Another follows the stream, applies it to the view, tells the sink, and then completes the writes
// of this node that it met: so a write that is completed is stored by the cluster, is in the view,
// and was told. A write that the cluster does not take is repeated (with one message id, so that it
// is stored once) until it is given up with errc::unavailable: whether it will be stored after all
// is then not known, and repeating it with its idempotency key is safe.
class nats_store final : public event_store {
 public:
  // Returns when the view is as far as the stream was. Throws std::runtime_error, with what to do
  // about it.
  nats_store(const nats_address& address, store_options options);
  nats_store(const nats_store&) = delete;
  nats_store& operator=(const nats_store&) = delete;
  ~nats_store() override;

  void start(event_sink& sink) override;
  void stop() override;
  void submit(write request, completion<written> done) override;
  void find(service_index service, records::query query, completion<page> done) override;
  void get(service_index service, records::record_id id, records::query query,
           completion<records::record> done) override;
  // Of an offset that another node gave and this one has not reached yet, after it has.
  void read_log(log_read request, completion<log_page> done) override;
  [[nodiscard]] records::offset head() const override;
  [[nodiscard]] store_condition condition() const override;
  [[nodiscard]] std::unique_ptr<peer_link> open_peers(const std::string& topic) override {
    return link_.open_peers(topic);
  }

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
  void publish_all();
  void publish(prepared_write write);
  void send(std::uint64_t number, const std::string& payload, const std::string& message_id);
  void repeat_and_give_up(bool stopping);
  // Of a write of this node, what it is known by in pending_.
  [[nodiscard]] std::optional<std::uint64_t> own_number(std::string_view writer) const;
  void on_answer(const publish_answer& answer);

  void follow();
  [[nodiscard]] std::chrono::milliseconds until_next_turn();
  // False if nothing came.
  bool follow_once(std::chrono::milliseconds wait);
  void apply(const std::vector<stream_message>& batch);
  void complete(std::vector<applied_message> applied);
  void look_after_stream();
  void answer_early_reads(bool stopping);
  void report(std::string reason);

  const store_options options_;
  const std::string node_;  // in the writers of this node's messages
  std::vector<records::record_fields> fields_;

  nats_link link_;
  stream_state opened_;
  nats_view view_;
  std::unique_ptr<sqlite_reads> reads_;
  std::unique_ptr<view_source> source_;
  event_sink* sink_ = nullptr;
  write_queue queue_;

  mutable std::mutex pending_mutex_;
  std::map<std::uint64_t, in_flight> pending_;
  std::uint64_t last_number_ = 0;
  std::uint64_t last_resolved_ = 0;

  std::unique_ptr<stream_reader> reader_;
  std::uint64_t reread_from_ = 0;  // where a gap made it begin anew
  steady_time heard_;              // when the stream last gave a message, or was found to have none
  steady_time stream_looked_after_;
  nats_upkeep upkeep_{link_, options_};

  early_reads early_;

  std::atomic<bool> stopping_{false};
  std::atomic<bool> publishing_{false};
  std::thread publisher_;
  std::thread follower_;

  mutable std::mutex condition_mutex_;
  std::string reason_ = "not started";
  std::uint64_t bytes_ = 0;
};

}  // namespace flowcast::stores
