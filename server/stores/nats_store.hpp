#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "stores/early_reads.hpp"
#include "stores/event_store.hpp"
#include "stores/nats_address.hpp"
#include "stores/nats_link.hpp"
#include "stores/nats_publisher.hpp"
#include "stores/nats_upkeep.hpp"
#include "stores/nats_view.hpp"
#include "stores/sqlite_reads.hpp"
#include "stores/store_options.hpp"
#include "stores/view_source.hpp"

namespace flowcast::stores {

// Many nodes on one NATS JetStream cluster. The stream is the truth; nats_message.hpp has the rules
// by which all nodes read the same from it.
//
// One thread publishes (nats_publisher.hpp). Another, here, follows the stream, applies it to the
// view, tells the sink, and then completes the writes of this node that it met.
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

  void follow();
  [[nodiscard]] std::chrono::milliseconds until_next_turn();
  // False if nothing came.
  bool follow_once(std::chrono::milliseconds wait);
  void apply(const std::vector<stream_message>& batch);
  void look_after_stream();
  void answer_early_reads(bool stopping);
  void report(std::string reason);

  const store_options options_;
  std::unique_ptr<nats_publisher> publisher_;  // outlives the link, which calls it
  nats_link link_;
  stream_state opened_;
  nats_view view_;
  std::unique_ptr<sqlite_reads> reads_;
  std::unique_ptr<view_source> source_;
  event_sink* sink_ = nullptr;

  std::unique_ptr<stream_reader> reader_;
  std::uint64_t reread_from_ = 0;  // where a gap made it begin anew
  steady_time heard_;              // when the stream last gave a message, or was found to have none
  steady_time stream_looked_after_;
  nats_upkeep upkeep_{link_, options_};

  early_reads early_;

  std::atomic<bool> stopping_{false};
  std::atomic<bool> publishing_{false};
  std::thread follower_;

  mutable std::mutex condition_mutex_;
  std::string reason_ = "not started";
  std::uint64_t bytes_ = 0;
};

}  // namespace flowcast::stores
