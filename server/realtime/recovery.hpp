#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "auth/identity.hpp"
#include "hub/listener.hpp"
#include "realtime/client_context.hpp"
#include "realtime/engine_session.hpp"
#include "realtime/postponed_events.hpp"
#include "realtime/replay.hpp"

namespace flowcast::realtime {

// Whom a recovery is for.
class recovery_user {
 public:
  recovery_user() = default;
  recovery_user(const recovery_user&) = delete;
  recovery_user& operator=(const recovery_user&) = delete;
  virtual ~recovery_user() = default;

  // Frames of missed events, stamped, in log order.
  virtual void on_missed(std::string_view frames) = 0;
  // The listener is to join the hub now, with these subscriptions.
  virtual void on_caught_up(const wish_list& wishes) = 0;
  // Rule 4: the client is to be told now that it recovers; frames follow.
  virtual void on_answer_due() = 0;
  // The last call: it has everything up to what the hub gives it from now on (`whole`), or the log
  // does not reach back that far. The user takes the recovery out, answers the client unless that
  // was done, and releases the listener.
  virtual void on_recovered(bool whole) = 0;
};

// Brings a client that comes back up to where its shard is: replays what it missed from the log,
// and joins it to the hub at the very position that the replay ended at. On one shard's thread.
//
// Rules
//  1. The log is read up to the shard's head, again as long as the head runs on. When little is
//     missing the listener joins, is held, and the rest is read: each event comes once, in order.
//  2. A client that is ahead of this shard (another shard's or node's events came first) waits for
//     it, bounded.
//  3. When the log cannot be read, the session ends: the client comes back, with the same offset.
//  4. A stock client keeps what came before the answer to its CONNECT, also over a connection that
//  broke without one, and does not count it into its offset: it would hear that part twice. So what
//  it missed is held back to leave in one piece with the answer, and where that is more than
//  most_before_answer, the answer goes first.
class recovery final : private replay_user {
 public:
  // Where what it missed goes when: one by one before the answer, or by rule 4.
  enum class answering : std::uint8_t { last, in_one_piece };

  recovery(client_context& context, engine_session& engine, hub::listener& listener,
           recovery_user& user, answering how);
  recovery(const recovery&) = delete;
  recovery& operator=(const recovery&) = delete;
  ~recovery() override = default;

  // `wanted`: what its wishes come to in the log. `who`: whose rights bound it; nullptr: nobody's.
  // Calls the user from within, or later.
  void start(const records::offset& after, wish_list wishes, std::vector<stores::log_filter> wanted,
             auth::identity_ptr who);
  // The client can take more.
  void read_on();

  // Keeps what the client asks for meanwhile; false: that is too much.
  [[nodiscard]] bool postpone(const socket_event& event) { return postponed_.add(event); }
  [[nodiscard]] const postponed_events& postponed() const { return postponed_; }

  [[nodiscard]] const wish_list& wishes() const { return wishes_; }
  // Whether on_answer_due() was called.
  [[nodiscard]] bool answered() const { return answered_; }
  // The frames that are to leave with the answer.
  [[nodiscard]] std::string take_held() { return std::exchange(held_, {}); }

 private:
  void on_replay(std::string_view frames) override;
  [[nodiscard]] bool ready_for_more() const override;
  void on_replayed() override;
  void on_out_of_reach() override;
  void on_replay_failed(const records::error& why) override;

  void go_on();
  void wait_for_head();
  void join();

  client_context* context_;
  engine_session* engine_;
  hub::listener* listener_;
  recovery_user* user_;
  records::offset after_;
  wish_list wishes_;
  std::shared_ptr<replay> reader_;
  // Runs while the client is ahead of this shard, or of this node.
  std::unique_ptr<boost::asio::steady_timer> ahead_;
  int waits_ = 0;
  int rounds_ = 0;
  bool joined_ = false;
  answering how_;
  bool answered_ = false;
  std::string held_;
  postponed_events postponed_;
};

}  // namespace flowcast::realtime
