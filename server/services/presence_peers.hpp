#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/json_value.hpp"
#include "services/presence_roster.hpp"

namespace flowcast::services {

// What nodes tell each other of who is present at them: takes and gives messages, and the time. No
// IO, not thread-safe.
//
//   {"node":"a","n":7,"changes":[["key","user",["name",since,editing]],["key","user"]]}
//   {"node":"a","n":7}                                   still here, and this was the last number
//   {"node":"a","n":7,"whole":[…],"part":1,"of":3}       everybody at a, as of number 7
//   {"node":"b","ask":"a"}                               a, or *, is to tell the whole
//   {"node":"a","bye":true}                              it stops
//
// Rules
//  1. Each message of changes has the next number. Who has not heard the one before asks for all.
//  2. A node with somebody present says that it is still here, three times within the timeout; one
//     that is silent longer counts as gone, and so do its users.
//  3. After a bye its users stay for the grace: they are on their way to another node.
class presence_peers {
 public:
  using time = presence_roster::time;

  presence_peers(std::string node, const presence_options& options, presence_roster& roster);

  void start(time now);
  void on_message(std::string_view json, time now);
  // Tells what has changed here and what is due.
  void advance(time now);
  [[nodiscard]] std::optional<time> next_due() const;
  void stop();

  // To be sent, in this order.
  [[nodiscard]] std::vector<std::string> take_outgoing() { return std::exchange(outgoing_, {}); }

 private:
  using change = presence_roster::change;
  struct peer {
    std::uint64_t number = 0;  // of the last message that was heard of
    time heard_at;
    time asked_at;
    bool asked = false;
    std::vector<change> whole;  // as far as it has come
    std::uint64_t parts = 0;
  };

  void tell_changes();
  void tell_whole();
  void ask(const std::string& node, peer& of, time now);
  void on_whole(const std::string& node, peer& from, protocol::json_value message, time now);
  [[nodiscard]] std::string begin() const;

  std::string node_;
  presence_options options_;
  presence_roster& roster_;
  std::map<std::string, peer, std::less<>> peers_;
  std::uint64_t number_ = 0;
  time beat_at_;
  bool whole_wanted_ = false;
  std::vector<std::string> outgoing_;
};

}  // namespace flowcast::services
