#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "hub/shard.hpp"
#include "operations/backlog.hpp"
#include "operations/rejections.hpp"
#include "operations/tally.hpp"
#include "realtime/deadline_list.hpp"
#include "realtime/departures.hpp"
#include "realtime/endpoint.hpp"
#include "realtime/engine_options.hpp"
#include "realtime/engine_session.hpp"
#include "realtime/socket_set.hpp"

namespace flowcast::realtime {

// Read from any thread.
struct engine_counters {
  operations::tally opened;
  operations::tally by_websocket;
  operations::tally by_polling;
  std::array<operations::tally, end_reasons> ended;
  operations::tally queued_bytes;  // for clients that are slow to read
  operations::tally recovered;
  operations::tally out_of_reach;
  operations::tally recovery_failed;
  operations::tally recovered_events;
};

// What puts a user on each new session.
using make_engine_user =
    std::function<std::unique_ptr<engine_user>(engine_session&, const engine_request&)>;

// The Engine.IO sessions of one shard, and the way to those of the others. On the shard's thread
// but for the counters.
class engine_server final : public endpoint, private engine_host {
 public:
  // `refused` outlives it.
  engine_server(hub::shard& shard, const engine_options& options, make_engine_user make_user,
                operations::rejections& refused);
  ~engine_server() override;
  engine_server(const engine_server&) = delete;
  engine_server& operator=(const engine_server&) = delete;

  // All servers, in the order of their shards' indices; outlives the last request. Before the first
  // request.
  void know(const std::vector<engine_server*>& all) { all_ = &all; }

  std::unique_ptr<pending_poll> serve(engine_request request, respond done) override;
  std::optional<engine_response> refuse_websocket(const engine_request& request) override;
  void adopt_websocket(stream socket, engine_request request, std::string received) override;

  // nullptr: it has ended.
  [[nodiscard]] engine_session* find(session_handle handle) const;
  [[nodiscard]] engine_session* find(const session_id& id) const;
  // Runs `task` with the session on its own shard's thread, if it is still there. From any thread.
  template <class Task>
  void with_session(session_handle handle, Task task) {
    shard_->post([this, handle, task = std::move(task)]() mutable {
      if (engine_session* const session = find(handle))
        task(*session);
    });
  }

  // Ends every session, spread over `spread`; new ones are refused from now on. Calls `done` after
  // the last.
  void drain(std::chrono::milliseconds spread, std::function<void()> done);

  [[nodiscard]] const engine_options& options() const { return options_; }
  [[nodiscard]] hub::shard& shard() { return *shard_; }
  [[nodiscard]] const engine_counters& counters() const { return counters_; }
  // What sends to its sessions together.
  [[nodiscard]] send_batch& together() { return together_; }
  [[nodiscard]] const send_batch& together() const { return together_; }
  // For what lives on its sessions, on the shard's thread.
  [[nodiscard]] engine_counters& counters() { return counters_; }

 private:
  struct slot {
    std::unique_ptr<engine_session> session;
    std::uint32_t generation = 0;
  };
  struct planned_end {
    session_handle who;
    end_reason why = end_reason::server_closed;
  };
  class poll_place;

  void arm(patience which, deadline& what) override;
  [[nodiscard]] bool admits_packet(packet_budget& of) override;
  void retire(engine_session& which, transport_kind last, end_reason why) override;
  void upgraded() override;
  [[nodiscard]] std::size_t max_payload() const override { return options_.max_payload; }
  void see_off(std::unique_ptr<websocket_transport> ended) override;
  void end_later(engine_session& which, end_reason why) override;
  [[nodiscard]] std::string open_packet(const engine_session& of) const override;

  engine_session& make_session(protocol::engine_revision revision);
  void discard(session_handle handle);
  [[nodiscard]] engine_server* home_of(const engine_query& query) const;
  void serve_here(const engine_query& query, engine_request& request, respond done);
  void open_polling(const engine_query& query, engine_request& request, respond done);
  void adopt_here(const engine_query& query, stream socket, const engine_request& request,
                  const std::string& received);
  void abort_poll(const session_id& id);
  void run_planned_ends();
  void relieve();
  void set_timer(clock::time_point due);
  void expire();
  void on_timer();
  void drain_some(std::size_t each_time);

  hub::shard* shard_;
  engine_options options_;
  make_engine_user make_user_;
  operations::rejections* refused_;
  engine_counters counters_;
  operations::backlog queued_;
  const std::vector<engine_server*>* all_ = nullptr;

  socket_set sockets_;
  departures leaving_;
  send_batch together_;
  websocket_context websockets_;
  // In the order of engine_host::patience.
  std::array<deadline_list, 6> deadlines_;
  boost::asio::steady_timer timer_;
  clock::time_point timer_due_ = clock::time_point::max();
  clock::time_point served_due_;  // of the deadline that on_timer() is at
  clock::time_point next_sweep_ = clock::time_point::max();

  std::vector<slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::size_t sessions_ = 0;
  std::vector<planned_end> planned_ends_;
  std::vector<std::unique_ptr<engine_session>> retired_;

  bool draining_ = false;
  std::uint32_t drain_at_ = 0;
  std::function<void()> drained_;
  boost::asio::steady_timer drain_timer_;
};

}  // namespace flowcast::realtime
