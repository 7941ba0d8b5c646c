#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "hub/delivery_times.hpp"
#include "realtime/client_context.hpp"
#include "realtime/client_view.hpp"

namespace flowcast::realtime {

// An event that went out, without its record.
struct noted_event {
  std::uint64_t position = 0;
  records::service_index service = 0;
  records::event_type type = records::event_type::created;
  std::string key;
  std::string id;
  std::size_t listeners = 0;
  // Services by which somebody listens to this key, where nobody does by the one it went to.
  std::vector<records::service_index> watched_by;
};

struct watched_key {
  records::service_index service = 0;
  std::string text;
  std::size_t watchers = 0;
};

// What happened on a shard since the last report.
struct shard_report {
  struct delivery {
    std::uint64_t position = 0;
    std::chrono::nanoseconds took{0};
  };
  std::vector<noted_event> events;
  std::vector<delivery> deliveries;
  std::uint64_t not_noted = 0;
  std::vector<watched_key> keys;       // the most watched ones, where asked for
  std::vector<client_status> clients;  // the newest ones, where asked for
};

inline constexpr std::size_t most_keys_shown = 20;
inline constexpr std::size_t most_clients_shown = 20;

// Notes what happens on a shard, for as long as it watches. On the shard's thread, but for shard().
class shard_feed final : public hub::delivery_watch {
 public:
  explicit shard_feed(client_context& of) : of_(&of) {}

  [[nodiscard]] hub::shard& shard() const { return of_->engine.shard(); }

  void watch() { of_->fans.watch_with(this); }
  void stop();
  [[nodiscard]] shard_report report(bool with_lists);

  void on_event(const records::event& event, std::size_t listeners) override;
  void on_delivered(const records::offset& offset, std::chrono::nanoseconds took) override;

 private:
  [[nodiscard]] std::vector<watched_key> most_watched() const;
  [[nodiscard]] std::vector<client_status> newest() const;

  client_context* of_;
  shard_report since_;
};

}  // namespace flowcast::realtime
