#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "core/hub.hpp"

namespace flowcast::core {

struct started_run {
  std::uint32_t run = 0;
  std::uint32_t action = 0;
  std::string name;
  std::string key;
  std::string payload;
  std::string offset;
  bool missed = false;
};

struct shown_status {
  connection_state state;
  cause why;
  std::string detail;
};

// What a hub asked of its page.
class recording_page final : public host {
 public:
  void open_socket() override { ++opened; }
  void send_text(std::string_view packet) override { sent.emplace_back(packet); }
  void close_socket() override { ++closed; }
  void show_status(connection_state state, cause why, std::string_view detail) override {
    statuses.push_back({state, why, std::string(detail)});
  }
  void show_refused(std::string_view list, bool anew) override {
    refused.emplace_back(list, anew);
    on_refused();
  }
  void run_action(std::uint32_t run, std::uint32_t action, bool missed, text_list what) override {
    started_run& made = runs.emplace_back();
    made = {run, action, {}, {}, {}, {}, missed};
    for (std::string* const text : {&made.name, &made.key, &made.offset}) {
      *text = take_text(what);
    }
    made.payload = what;
  }
  void log(note what, std::string_view detail) override {
    notes.emplace_back(what, std::string(detail));
  }
  double random_fraction() override { return chance; }

  int opened = 0;
  int closed = 0;
  double chance = 0;
  std::vector<std::string> sent;
  std::vector<shown_status> statuses;
  std::vector<std::pair<std::string, bool>> refused;
  std::function<void()> on_refused = [] {};
  std::vector<started_run> runs;
  std::vector<std::pair<note, std::string>> notes;
};

// A hub on a page with a clock of its own, and a server that the test plays.
class hub_on_page : public testing::Test {
 public:
  // Lets time pass as a page does: the hub is called when it asked to be.
  void pass(milliseconds span) {
    const milliseconds end = now + span;
    while (hub.due() <= end) {
      now = std::max(now, hub.due());
      hub.tick(now);
    }
    now = end;
    hub.tick(now);
  }
  // The machine sleeps: no timer fires until it wakes.
  void sleep(milliseconds span) {
    now += span;
    hub.tick(now);
  }
  void receive(std::string_view packet) {
    hub.socket_received(packet, now);
    hub.tick(now);
  }
  void close(int code = 1006, std::string_view reason = {}) {
    hub.socket_closed(code, reason, now);
    hub.tick(now);
  }

  listener_id listen(std::string_view keys, std::string_view service = "microflow") {
    const listener_id added = hub.add_listener(service, "text", {}, now);
    hub.set_keys(added, nul_ended(keys), now);
    hub.tick(now);
    return added;
  }
  void set_keys(listener_id listener, std::string_view keys) {
    hub.set_keys(listener, nul_ended(keys), now);
    hub.tick(now);
  }
  action_id act(listener_id listener, const action_options& how = {},
                std::string_view events = "created") {
    return hub.add_action(listener, std::string(1, '\0') + nul_ended(events), how);
  }
  void finish(std::size_t run) {
    hub.action_done(page.runs.at(run).run, now);
    hub.tick(now);
  }

  void greet(
      std::string_view greeting =
          R"(0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})") {
    hub.socket_opened();
    receive(greeting);
  }
  void join(
      std::string_view reply = R"(40{"sid":"a","pid":"p","offset":"e-10","recovered":false})") {
    greet();
    receive(reply);
  }
  void change(std::string_view key, std::string_view offset = "e-11") {
    std::string packet = R"(42["microflow created",{"text":")";
    packet.append(key).append(R"(","id":1},")").append(offset).append("\"]");
    receive(packet);
  }
  // The packets since the last time.
  std::vector<std::string> take_sent() { return std::exchange(page.sent, {}); }

  // "a b" as the list of texts that crosses from JavaScript.
  static std::string nul_ended(std::string_view words) {
    std::string list;
    for (const char c : words) {
      list += c == ' ' ? '\0' : c;
    }
    if (!list.empty()) {
      list += '\0';
    }
    return list;
  }

  recording_page page;
  core::hub hub{page};
  milliseconds now = 1'000'000;
};

}  // namespace flowcast::core
