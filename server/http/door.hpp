#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/wait_traits.hpp>

#include "http/accept.hpp"
#include "http/connection.hpp"
#include "http/outbox.hpp"
#include "http/response_writer.hpp"
#include "http/router.hpp"
#include "http/tls_context.hpp"
#include "hub/shard.hpp"
#include "operations/backlog.hpp"
#include "operations/rejections.hpp"
#include "operations/tally.hpp"
#include "realtime/send_batch.hpp"
#include "realtime/socket_set.hpp"
#include "realtime/stream.hpp"

namespace flowcast::http {

inline constexpr std::size_t answer_classes = 5;  // 1xx to 5xx
using answer_counts = std::array<operations::tally, answer_classes>;

// One shard's way in: it accepts connections, owns them while they speak HTTP, and ends those that
// take too long. On the shard's thread, but for what says otherwise.
class door {
 public:
  // All outlive it; it outlives the store's last answer and the shard's last task.
  door(hub::shard& runs_on, const http_options& options, const site& about,
       realtime::endpoint& engine);
  ~door();
  door(const door&) = delete;
  door& operator=(const door&) = delete;

  // Accepts from a listening socket from now on, with TLS if `secured` is given, which outlives the
  // door. Before the shard starts, or on its thread.
  void listen(acceptor from, const tls_context* secured = nullptr,
              observer_way to_observe = observer_way::none);

  // Accepts no more, ends idle connections at once and the others after their answer.
  void drain();

  // Connections that still speak HTTP. From any thread.
  [[nodiscard]] std::size_t connections() const { return open_.load(std::memory_order_relaxed); }
  // How many were given, by the class of their status. From any thread.
  [[nodiscard]] const answer_counts& answers() const { return answers_; }
  // Bytes of answers that wait for clients which are slow to read. From any thread.
  [[nodiscard]] std::uint64_t unsent_bytes() const { return unsent_bytes_.value(); }
  [[nodiscard]] bool is_draining() const { return draining_; }

  [[nodiscard]] connection* find(connection_id id);

  // Answers a request; one whose connection has gone is dropped. From any thread.
  void deliver(connection_id id, records::result<services::answer> given);
  void deliver(connection_id id, realtime::engine_response made);

  // For connections.
  [[nodiscard]] const http_options& options() const { return options_; }
  [[nodiscard]] response_writer& writer() { return writer_; }
  [[nodiscard]] realtime::socket_set& sockets() { return sockets_; }
  [[nodiscard]] std::string& scratch() { return scratch_; }
  // Small answers to connections that are ready together leave together.
  void gather_answers();
  [[nodiscard]] outbox<connection_id>& gathered() { return gathered_; }
  [[nodiscard]] realtime::send_batch& together() { return together_; }
  void serve(connection& on) { router_.serve(on); }
  void refuse(connection& on, unsigned status, std::string_view message,
              operations::rejection why) {
    router_.refuse(on, status, message, why);
  }
  [[nodiscard]] operations::backlog& unsent() { return unsent_; }
  void count_refusal(const connection& of, operations::rejection why, std::string_view detail) {
    router_.count_refusal(of, why, detail);
  }
  void count_answer(unsigned status) {
    if (status >= 100 && status < 600) {
      answers_[status / 100 - 1].add();
    }
  }
  // Publishes that outrun their readers wait here, unanswered, until the hub has caught up.
  void put_off(connection_id id);
  void forget(connection_id id);  // it is destroyed in bury()
  void bury();                    // below no connection's call

 private:
  using timer =
      boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                        boost::asio::wait_traits<std::chrono::steady_clock>,
                                        boost::asio::io_context::executor_type>;
  struct place {
    std::unique_ptr<connection> lives;
    std::uint32_t generation = 0;
  };

  void accept_from(std::size_t index);
  void accept_all(std::size_t index);
  void pause();
  struct listening {
    acceptor from;
    const tls_context* secured = nullptr;
    observer_way to_observe = observer_way::none;
  };

  void open(realtime::socket_handle socket, const listening& by, std::string address);
  void turn_away(realtime::stream refused, bool secured, const std::string& address,
                 operations::rejection why);
  void watch_deadlines();
  void relieve();
  void resume_put_off();
  void answer_delivered();
  void send_gathered();
  void end_turn();

  hub::shard& shard_;
  const http_options& options_;
  const site& about_;
  router router_;
  response_writer writer_;
  std::vector<listening> listening_;
  timer pause_;  // after an accept that failed
  timer tick_;
  timer catch_up_;
  bool ticking_ = false;
  std::atomic<bool> draining_ = false;

  operations::tally unsent_bytes_;
  operations::backlog unsent_;

  realtime::socket_set sockets_;
  std::vector<place> places_;
  std::vector<std::uint32_t> free_;
  std::vector<std::unique_ptr<connection>> dead_;
  std::atomic<std::size_t> open_ = 0;
  answer_counts answers_;

  std::string scratch_;
  outbox<connection_id> gathered_;
  realtime::send_batch together_;

  std::deque<connection_id> put_off_;
  std::chrono::steady_clock::time_point tell_again_;

  // Answers of other threads: one task on the shard for all that come meanwhile.
  std::mutex delivered_mutex_;
  std::vector<std::pair<connection_id, records::result<services::answer>>> delivered_;
};

}  // namespace flowcast::http
