// A page, line by line: whatever server, user and clock do, the widget's hub keeps its rules.
//
//   > the socket opens        < it closes          + KEYS a listener more, with an action
//   - the oldest one goes     = KEYS its keys      . the oldest run finishes
//   ~ N  N ms pass            z N  N ms of sleep   l h w  the page is left, hidden, woken
//   anything else is a packet from the server

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/hub.hpp"
#include "fuzz/property.hpp"

namespace flowcast::core {
namespace {

using fuzz::require;

class page_of_rules final : public host {
 public:
  void open_socket() override {
    require(!open_, "one socket at a time");
    open_ = true;
  }
  void close_socket() override {
    require(open_, "only an open socket is closed");
    open_ = false;
  }
  void send_text(std::string_view packet) override {
    require(open_ && !packet.empty(), "packets go to an open socket");
  }
  void show_status(connection_state state, cause why, std::string_view /*detail*/) override {
    // After all had gone, it begins again with connecting.
    require(state == connection_state::connecting || state != state_ || why != why_,
            "a status is told once");
    state_ = state;
    why_ = why;
  }
  void show_refused(std::string_view /*list*/, bool /*anew*/) override {
    require(open_, "what is refused comes over a socket");
  }
  void run_action(std::uint32_t run, std::uint32_t /*action*/, bool /*missed*/,
                  text_list /*what*/) override {
    require(std::find(running.begin(), running.end(), run) == running.end(),
            "nothing runs in parallel with itself");
    running.push_back(run);
  }
  void log(note /*what*/, std::string_view /*detail*/) override {}
  double random_fraction() override { return 0.5; }

  // The server or the network ended it.
  void lose_socket() { open_ = false; }
  [[nodiscard]] bool open() const { return open_; }

  std::vector<std::uint32_t> running;

 private:
  bool open_ = false;
  connection_state state_ = connection_state::failed;
  cause why_ = cause::none;
};

class page {
 public:
  void act(std::string_view line) {
    const char what = line.empty() ? '\0' : line.front();
    const std::string_view rest = line.empty() ? line : line.substr(1);
    switch (what) {
      case '>':
        hub_.socket_opened();
        break;
      case '<':
        if (host_.open()) {
          host_.lose_socket();
          hub_.socket_closed(1006, rest, now_);
        }
        break;
      case '+':
        listeners_.push_back(hub_.add_listener("microflow", "text", {}, now_));
        hub_.set_keys(listeners_.back(), keys(rest), now_);
        hub_.add_action(listeners_.back(), {},
                        {.throttle = 50, .spread = 20, .per_key = listeners_.size() % 2 == 0});
        break;
      case '-':
        if (!listeners_.empty()) {
          hub_.remove_listener(listeners_.front(), now_);
          listeners_.erase(listeners_.begin());
        }
        break;
      case '=':
        if (!listeners_.empty()) {
          hub_.set_keys(listeners_.front(), keys(rest), now_);
        }
        break;
      case '.':
        if (!host_.running.empty()) {
          const std::uint32_t run = host_.running.front();
          host_.running.erase(host_.running.begin());
          hub_.action_done(run, now_);
        }
        break;
      case '~':
        pass(amount(rest));
        break;
      case 'z':
        now_ += amount(rest);
        break;
      case 'l':
        hub_.page_left(now_);
        break;
      case 'h':
        hub_.page_hidden();
        break;
      case 'w':
        hub_.page_woke(now_);
        break;
      default:
        if (host_.open()) {
          hub_.socket_received(line, now_);
        }
    }
    settle();
  }

 private:
  // A page calls when the hub asked for it: that must come to an end.
  void settle() {
    int calls = 0;
    do {
      hub_.tick(now_);
      require(++calls < 100, "the hub comes to rest");
    } while (hub_.due() <= now_);
  }
  void pass(milliseconds span) {
    const milliseconds end = now_ + span;
    while (hub_.due() <= end) {
      now_ = std::max(now_, hub_.due());
      settle();
    }
    now_ = end;
  }
  static milliseconds amount(std::string_view text) {
    std::uint32_t number = 0;
    static_cast<void>(take_number(text, number));
    return number % 100'000;
  }
  static std::string keys(std::string_view words) {
    std::string list(words);
    std::replace(list.begin(), list.end(), ' ', '\0');
    return list;
  }

  page_of_rules host_;
  hub hub_{host_};
  std::vector<listener_id> listeners_;
  milliseconds now_ = 0;
};

}  // namespace
}  // namespace flowcast::core

void flowcast::fuzz::try_input(std::string_view input) {
  core::page page;
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    page.act(input.substr(0, end));
    input.remove_prefix(std::min(end + 1, input.size()));
  }
}
