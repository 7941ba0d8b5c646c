#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hub/shard.hpp"
#include "services/service_registry.hpp"
#include "stores/event_store.hpp"

namespace flowcast::realtime {

// Whom a replay is for.
class replay_user {
 public:
  replay_user() = default;
  replay_user(const replay_user&) = delete;
  replay_user& operator=(const replay_user&) = delete;
  virtual ~replay_user() = default;

  // Frames of missed events, stamped, in log order.
  virtual void on_replay(std::string_view frames) = 0;
  // Whether the client has taken what it was sent; otherwise replay::read_on() is called once it
  // has.
  [[nodiscard]] virtual bool ready_for_more() const = 0;
  // Each may destroy the replay.
  virtual void on_replayed() = 0;  // up to where it was told to read
  virtual void on_out_of_reach() = 0;
  virtual void on_replay_failed(const records::error& why) = 0;
};

// Reads what a client missed from the log and sends it, a page at a time and no faster than the
// client takes it. On one shard's thread.
class replay : public std::enable_shared_from_this<replay> {
 public:
  replay(hub::shard& shard, stores::event_store& store, const services::service_registry& services,
         std::vector<stores::log_filter> wanted, const records::offset& after, replay_user& user,
         auth::identity_ptr who);

  // Reads up to and including a position, from where it stands.
  void read_to(std::uint64_t position);
  // The client can take more.
  void read_on();
  // Everything up to here has been sent.
  [[nodiscard]] std::uint64_t position() const { return after_.position; }
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  void on_page(const records::result<stores::log_page>& page);
  [[nodiscard]] bool may_hear(const records::event& event) const;

  hub::shard* shard_;
  stores::event_store* store_;
  const services::service_registry* services_;
  std::vector<stores::log_filter> wanted_;
  records::offset after_;
  replay_user* user_;
  auth::identity_ptr who_;  // nullptr: it may hear everything
  std::uint64_t up_to_ = 0;
  std::uint64_t events_ = 0;
  bool waiting_ = false;  // for the client
};

}  // namespace flowcast::realtime
