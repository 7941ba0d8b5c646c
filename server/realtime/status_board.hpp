#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "operations/tally.hpp"
#include "realtime/client_context.hpp"
#include "realtime/shard_feed.hpp"

namespace flowcast::realtime {

// Who wants to be told; on its own shard's thread. Kept by whoever is told, who goes with it.
class status_reader {
 public:
  status_reader() = default;
  status_reader(const status_reader&) = delete;
  status_reader& operator=(const status_reader&) = delete;
  virtual ~status_reader() = default;

  virtual void read_status(const std::string& json) = 0;
};

// What the whole server does, told once a second to all who look. While nobody does, it costs
// nothing: no shard is watched, and no timer runs.
//
// Rules
//  1. What is told is put together once, whatever the number of readers.
//  2. Everything in it is bounded: the latest publishes, the most watched keys, the newest clients.
//  3. A publish is shown when all shards have said how many it went out to. Of more than a shard
//     notes in a second the rest are counted only.
class status_board {
 public:
  // One context a shard, in their order; they outlive it. Before the shards start.
  explicit status_board(std::vector<client_context*> places);
  ~status_board();
  status_board(const status_board&) = delete;
  status_board& operator=(const status_board&) = delete;

  // `reader` lives on `shard` and is told from now on, everything that is known first, until it
  // expires. From any thread.
  void attach(hub::shard& shard, std::weak_ptr<status_reader> reader);

  // How many look; one that has gone counts until the next second. From any thread.
  [[nodiscard]] std::uint64_t readers() const { return readers_.value(); }

 private:
  struct seat {
    hub::shard* shard;
    std::weak_ptr<status_reader> reader;
  };
  struct publish {
    noted_event event;
    std::size_t reports = 0;  // shards that have spoken of it
    std::size_t listeners = 0;
    std::chrono::nanoseconds took{0};
    std::int64_t at = 0;  // milliseconds since 1970
    bool told = false;    // as it is now
  };
  struct round;

  [[nodiscard]] hub::shard& home() { return places_.front()->engine.shard(); }
  void begin();
  void end();
  void wait();
  void look();
  void take(const shard_report& from);
  void tell(const round& done);
  [[nodiscard]] std::string json(const round& from);
  void append_services(std::string& out) const;
  void append_publishes(std::string& out);
  void append_rejections(std::string& out);

  std::vector<client_context*> places_;
  std::vector<std::unique_ptr<shard_feed>> feeds_;
  // On the first shard's thread:
  boost::asio::steady_timer timer_;
  std::vector<seat> seats_;
  std::deque<publish> publishes_;
  std::uint64_t not_shown_ = 0;
  std::uint64_t told_rejections_ = 0;
  std::uint64_t looks_ = 0;
  operations::tally readers_;
  bool all_anew_ = false;  // somebody has come who knows nothing
};

}  // namespace flowcast::realtime
