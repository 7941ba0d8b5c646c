#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "realtime/engine_session.hpp"

namespace flowcast::realtime {

// A shard without sockets or a clock: deadlines are due when the test says so.
class fake_host final : public engine_host {
 public:
  void arm(patience which, deadline& what) override {
    lists[static_cast<std::size_t>(which)]->arm(what, now);
  }
  void retire(engine_session& /*which*/, transport_kind /*last*/, end_reason why) override {
    ended = why;
  }
  [[nodiscard]] bool admits_packet(packet_budget& of) override {
    return max_packets == 0 || of.take(max_packets, now.time_since_epoch());
  }
  [[nodiscard]] std::size_t max_payload() const override { return 1'000'000; }
  void upgraded() override { ++upgrades; }
  void see_off(std::unique_ptr<websocket_transport> /*ended*/) override {}
  void end_later(engine_session& which, end_reason why) override {
    planned.emplace_back(&which, why);
  }
  [[nodiscard]] std::string open_packet(const engine_session& /*of*/) const override {
    return "0{}";
  }

  // Lets time pass, and tells the session what is due.
  void pass(clock::duration time) {
    now += time;
    for (std::size_t which = 0; which < lists.size(); ++which) {
      while (engine_session* const due = lists[which]->take_due(now))
        due->on_deadline(static_cast<patience>(which));
    }
  }

  clock::time_point now{};
  // In the order of `patience`: interval, answer, heartbeat, connect, upgrade, message.
  std::array<std::unique_ptr<deadline_list>, 6> lists{
      std::make_unique<deadline_list>(std::chrono::seconds(25)),
      std::make_unique<deadline_list>(std::chrono::seconds(20)),
      std::make_unique<deadline_list>(std::chrono::seconds(45)),
      std::make_unique<deadline_list>(std::chrono::seconds(45)),
      std::make_unique<deadline_list>(std::chrono::seconds(10)),
      std::make_unique<deadline_list>(std::chrono::seconds(30))};
  unsigned max_packets = 0;
  std::optional<end_reason> ended;
  int upgrades = 0;
  std::vector<std::pair<engine_session*, end_reason>> planned;
};

}  // namespace flowcast::realtime
