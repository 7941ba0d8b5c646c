// The only boundary between the core and JavaScript: what imports.js and host/core.js name, with
// 32-bit integers and doubles alone. A list crosses as texts that each end in NUL; text goes in by
// way of input().

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/hub.hpp"

namespace {

namespace core = flowcast::core;

// What imports.js provides.
extern "C" {
[[clang::import_module("env"), clang::import_name("ask")]] void ask(
    std::size_t hub, int what, std::uint32_t a, std::uint32_t b, std::uint32_t c, const char* text,
    std::size_t size);
[[clang::import_module("env"), clang::import_name("random_fraction")]] double random_fraction();
}

class javascript_page final : public core::host {
 public:
  javascript_page(std::size_t hub, bool debugging) : hub_(hub), debugging_(debugging) {}

  void open_socket() override { ask(asked::open_socket); }
  void close_socket() override { ask(asked::close_socket); }
  void send_text(std::string_view packet) override { ask(asked::send_text, packet); }
  void show_status(core::connection_state state, core::cause why,
                   std::string_view detail) override {
    ask(asked::show_status, detail, static_cast<std::uint32_t>(state),
        static_cast<std::uint32_t>(why));
  }
  void show_refused(std::string_view list, bool anew) override {
    ask(asked::show_refused, list, anew ? 1 : 0);
  }
  void run_action(std::uint32_t run, std::uint32_t action, bool missed,
                  core::text_list what) override {
    ask(asked::run_action, what, run, action, missed ? 1 : 0);
  }
  void log(core::note what, std::string_view detail) override {
    if (debugging_) {
      ask(asked::log, detail, static_cast<std::uint32_t>(what));
    }
  }
  double random_fraction() override { return ::random_fraction(); }

 private:
  enum class asked : std::uint8_t {  // host/hub.js has them in this order
    open_socket,
    close_socket,
    send_text,     // text: the packet
    show_status,   // text: the detail; a: the state; b: the cause
    run_action,    // text: as host::run_action has it; a: the run; b: the action; c: missed
    log,           // text: the detail; a: the note
    show_refused,  // text: the list; a: anew
  };
  void ask(asked what, std::string_view text = {}, std::uint32_t a = 0, std::uint32_t b = 0,
           std::uint32_t c = 0) const {
    ::ask(hub_, static_cast<int>(what), a, b, c, text.data(), text.size());
  }

  std::size_t hub_;
  bool debugging_;
};

// The page's hubs, in a row by their ids. Never destroyed: a page lives as long as its core.
struct hub_on_page {
  hub_on_page(std::size_t id, bool debugging, hub_on_page* before)
      : page(id, debugging), hub(page), next(before) {}
  javascript_page page;
  core::hub hub;
  hub_on_page* next;
};
constinit hub_on_page* last_hub = nullptr;
constinit std::size_t hubs = 0;

core::hub& at(std::size_t hub) {
  hub_on_page* found = last_hub;
  for (std::size_t id = hubs - 1; id != hub; --id) {
    found = found->next;
  }
  return found->hub;
}

constexpr std::size_t smallest_input = 4096;
constinit char* input_text = nullptr;
constinit std::size_t input_size = 0;

std::string_view input_of(std::size_t size) {
  return {input_text, size};
}

}  // namespace

#define EXPORTED(name) [[clang::export_name(#name)]]
extern "C" {

// Where the next call finds its text, of `size` bytes; null if that is too much.
EXPORTED(input) char* input(std::size_t size) {
  if (size > core::hub::packet_limit) {
    return nullptr;
  }
  if (size > input_size || input_size > smallest_input) {
    delete[] input_text;
    input_size = std::max(size, smallest_input);
    input_text = new char[input_size];
  }
  return input_text;
}

// Its id is the number of hubs before it.
EXPORTED(create_hub) void create_hub(bool debugging) {
  last_hub = new hub_on_page(hubs++, debugging, last_hub);
}

// Lets time pass for all hubs; the milliseconds until it must be called again, or -1.
EXPORTED(tick) double tick(double now) {
  double due = core::never;
  for (hub_on_page* one = last_hub; one != nullptr; one = one->next) {
    one->hub.tick(now);
    due = std::min(due, one->hub.due());
  }
  return due == core::never ? -1 : std::ceil(std::max(0.0, due - now));
}

// Tells a hub something. Input: the text of `size` bytes, if it says so; -1 is one that input()
// would not take. A core numbers the listeners and the actions of a hub from 1.
EXPORTED(tell)
void tell(std::size_t hub, int what, int size, double now, std::uint32_t a, std::uint32_t b,
          std::uint32_t c, std::uint32_t d) {
  enum {  // host/hub.js has them in this order
    page_left,
    page_hidden,
    page_woke,
    socket_opened,
    socket_received,  // input: the packet
    socket_closed,    // a: the code; input: the reason
    set_token,        // input: the token
    add_listener,     // input: service, key field, own field, own value
    set_keys,         // a: the listener; b: not 0 for the whole service; input: the keys
    remove_listener,  // a: the listener
    add_action,   // a: the listener; b: throttle; c: spread; d: flags; input: payload field, events
    action_done,  // a: the run
    missed,       // a: the listener
    set_claim,    // a: the listener; b: level; c: time to live; input: key, id, name
  };
  core::hub& told = at(hub);
  std::string_view text = input_of(size < 0 ? 0 : static_cast<std::size_t>(size));
  switch (what) {
    case page_left:
      return told.page_left(now);
    case page_hidden:
      return told.page_hidden();
    case page_woke:
      return told.page_woke(now);
    case socket_opened:
      return told.socket_opened();
    case socket_received:
      if (size < 0) {
        return told.socket_closed(core::closed_oversized, {}, now);
      }
      return told.socket_received(text, now);
    case socket_closed:
      return told.socket_closed(static_cast<int>(a), text, now);
    case set_token:
      return told.set_token(text, now);
    case add_listener: {
      const std::string_view service = core::take_text(text);
      const std::string_view key_field = core::take_text(text);
      told.add_listener(service, key_field, text, now);
      return;
    }
    case set_keys:
      return b != 0 ? told.set_whole(a, now) : told.set_keys(a, text, now);
    case remove_listener:
      return told.remove_listener(a, now);
    case add_action:
      told.add_action(a, text,
                      {.throttle = b,
                       .spread = c,
                       .per_key = (d & 1U) != 0,
                       .ignore_own = (d & 2U) != 0,
                       .ignore_missed = (d & 4U) != 0});
      return;
    case action_done:
      return told.action_done(a, now);
    case missed:
      return told.missed(a, now);
    default: {
      const std::string_view key = core::take_text(text);
      const std::string_view id = core::take_text(text);
      const std::string_view name = core::take_text(text);
      return told.claim(a, key, {.id = id, .name = name, .ttl = c},
                        static_cast<core::claim_level>(b), now);
    }
  }
}
}
