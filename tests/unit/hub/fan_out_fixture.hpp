#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hub/fan_out.hpp"
#include "unit/hub/fake_sink.hpp"

namespace flowcast::hub {

// The services of these tests.
inline constexpr stores::service_index microflow = 0;
inline constexpr stores::service_index orders = 1;
inline constexpr stores::service_index secret = 2;  // the only one that does not broadcast

inline std::vector<channel> test_channels() {
  return {{"microflow", true}, {"orders", true}, {"secret", false}};
}

// An event about `key`: its record tells its position, so that no two are alike.
inline records::event test_event(stores::service_index service, std::string_view key,
                                 std::uint64_t position) {
  records::event event;
  event.service = service;
  event.record.key = key;
  event.record.json =
      R"({"text":")" + std::string(key) + R"(","id":)" + std::to_string(position) + '}';
  event.offset = {0xaa, position};
  return event;
}

// The packet of that event as a client of the plain framing reads it.
inline std::string test_packet(stores::service_index service, std::string_view key,
                               std::uint64_t position) {
  return R"(42[")" + test_channels()[service].name + R"( created",{"text":")" + std::string(key) +
         R"(","id":)" + std::to_string(position) + "}]";
}

// A fan_out whose turns are taken by hand.
class driven_fan_out {
 public:
  explicit driven_fan_out(fan_out_limits limits = {})
      : fans(
            test_channels(), [this] { ++scheduled; }, limits) {}

  std::uint64_t publish(stores::service_index service, std::string_view key) {
    fans.deliver({test_event(service, key, ++position)});
    return position;
  }
  // Takes the turn that was asked for; false: none was.
  bool turn() {
    if (scheduled == 0)
      return false;
    --scheduled;
    fans.run();
    return true;
  }
  void run_all() {
    while (turn()) {
    }
  }

  int scheduled = 0;
  std::uint64_t position = 0;
  fan_out fans;
};

// A session: a listener and its socket. It leaves before it goes.
class test_session {
 public:
  explicit test_session(driven_fan_out& driven, framing frames = framing::plain,
                        std::size_t room = fake_sink::unlimited)
      : sink(room), who(sink, frames), fans_(driven.fans) {
    fans_.join(who);
  }
  test_session(const test_session&) = delete;
  test_session& operator=(const test_session&) = delete;
  ~test_session() { fans_.leave(who); }

  // Its client reads so much.
  void open(std::size_t bytes = fake_sink::unlimited) {
    if (sink.open(bytes))
      fans_.resume(who);
  }

  fake_sink sink;
  listener who;

 private:
  fan_out& fans_;
};

}  // namespace flowcast::hub
