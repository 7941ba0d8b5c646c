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
#define IMPORTED(name) [[clang::import_module("env"), clang::import_name(#name)]]
extern "C" {
IMPORTED(open_socket) void open_socket(std::size_t hub);
IMPORTED(close_socket) void close_socket(std::size_t hub);
IMPORTED(send_text) void send_text(std::size_t hub, const char* text, std::size_t size);
IMPORTED(show_status)
void show_status(std::size_t hub, int state, int why, const char* text, std::size_t size);
IMPORTED(run_action)
void run_action(std::size_t hub, std::uint32_t run, std::uint32_t action, bool missed,
                const char* name, std::size_t name_size, const char* key, std::size_t key_size,
                const char* payload, std::size_t payload_size, const char* offset,
                std::size_t offset_size);
IMPORTED(log_note) void log_note(int what, const char* text, std::size_t size);
IMPORTED(random_fraction) double random_fraction();
}

class javascript_page final : public core::host {
 public:
  javascript_page(std::size_t hub, bool debugging) : hub_(hub), debugging_(debugging) {}

  void open_socket() override { ::open_socket(hub_); }
  void close_socket() override { ::close_socket(hub_); }
  void send_text(std::string_view packet) override {
    ::send_text(hub_, packet.data(), packet.size());
  }
  void show_status(core::connection_state state, core::cause why,
                   std::string_view detail) override {
    ::show_status(hub_, static_cast<int>(state), static_cast<int>(why), detail.data(),
                  detail.size());
  }
  void run_action(std::uint32_t run, std::uint32_t action, const core::event& what,
                  bool missed) override {
    ::run_action(hub_, run, action, missed, what.name.data(), what.name.size(), what.key.data(),
                 what.key.size(), what.payload.data(), what.payload.size(), what.offset.data(),
                 what.offset.size());
  }
  void log(core::note what, std::string_view detail) override {
    if (debugging_) {
      ::log_note(static_cast<int>(what), detail.data(), detail.size());
    }
  }
  double random_fraction() override { return ::random_fraction(); }

 private:
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

EXPORTED(page_changed) void page_changed(std::size_t hub, int change, double now) {
  enum { left, hidden, woke };
  switch (change) {
    case left:
      return at(hub).page_left(now);
    case hidden:
      return at(hub).page_hidden();
    default:
      return at(hub).page_woke(now);
  }
}

EXPORTED(socket_opened) void socket_opened(std::size_t hub) {
  at(hub).socket_opened();
}
// Input: the packet.
EXPORTED(socket_received) void socket_received(std::size_t hub, std::size_t size, double now) {
  at(hub).socket_received(input_of(size), now);
}
// Input: the reason.
EXPORTED(socket_closed)
void socket_closed(std::size_t hub, int code, std::size_t size, double now) {
  at(hub).socket_closed(code, input_of(size), now);
}

// Input: the token.
EXPORTED(set_token) void set_token(std::size_t hub, std::size_t size, double now) {
  at(hub).set_token(input_of(size), now);
}

// Input: service, key field, own field, own value.
EXPORTED(add_listener) std::uint32_t add_listener(std::size_t hub, std::size_t size, double now) {
  std::string_view texts = input_of(size);
  const std::string_view service = core::take_text(texts);
  const std::string_view key_field = core::take_text(texts);
  return at(hub).add_listener(service, key_field, texts, now);
}
// Input: the keys. A size of -1 is the whole service.
EXPORTED(set_keys)
void set_keys(std::size_t hub, std::uint32_t listener, int size, double now) {
  if (size < 0) {
    at(hub).set_whole(listener, now);
  } else {
    at(hub).set_keys(listener, input_of(static_cast<std::size_t>(size)), now);
  }
}
EXPORTED(remove_listener)
void remove_listener(std::size_t hub, std::uint32_t listener, double now) {
  at(hub).remove_listener(listener, now);
}

// Input: the names of the events.
EXPORTED(add_action)
std::uint32_t add_action(std::size_t hub, std::uint32_t listener, std::size_t size,
                         std::uint32_t throttle, std::uint32_t spread, bool per_key,
                         bool ignore_own, bool ignore_missed) {
  return at(hub).add_action(listener, input_of(size),
                            {.throttle = throttle,
                             .spread = spread,
                             .per_key = per_key,
                             .ignore_own = ignore_own,
                             .ignore_missed = ignore_missed});
}
// Input: the key, the id and the name of who claims.
EXPORTED(set_claim)
void set_claim(std::size_t hub, std::uint32_t listener, std::size_t size, std::uint32_t ttl,
               int level, double now) {
  std::string_view texts = input_of(size);
  const std::string_view key = core::take_text(texts);
  const std::string_view id = core::take_text(texts);
  const std::string_view name = core::take_text(texts);
  at(hub).claim(listener, key, {.id = id, .name = name, .ttl = ttl},
                static_cast<core::claim_level>(level), now);
}
EXPORTED(action_done) void action_done(std::size_t hub, std::uint32_t run, double now) {
  at(hub).action_done(run, now);
}
}
