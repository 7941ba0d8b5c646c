#pragma once

#include <cstdint>
#include <string_view>

#include "core/clock.hpp"
#include "core/note.hpp"
#include "core/status.hpp"
#include "core/text.hpp"
#include "protocol/json_value.hpp"

namespace flowcast::core {

// An event as it came.
struct event {
  std::string_view name;  // `created`, …; empty where nothing came, but events may have been missed
  std::string_view key;      // of the record; empty if it has none
  std::string_view payload;  // the record's JSON text, or of one field (see triggers::add)
  protocol::json_value record;
  std::string_view offset;  // empty from a plain Feathers server
};

// What a hub asks of the page that it runs in: a browser's JavaScript, or a test. Text is UTF-8 and
// lives as long as the call. None of these may call the hub before the hub's own call has returned.
class host {
 public:
  host() = default;
  host(const host&) = delete;
  host& operator=(const host&) = delete;

  // Opens the hub's one socket to the server; hub::socket_opened or hub::socket_closed follows.
  virtual void open_socket() = 0;
  virtual void send_text(std::string_view packet) = 0;
  // Nothing more is heard of this socket.
  virtual void close_socket() = 0;

  // Told once for each change of state or cause. `detail`: what the server or the browser said.
  virtual void show_status(connection_state state, cause why, std::string_view detail) = 0;
  // What the server has refused while it accepted the rest: empty, or the JSON text of
  // [{"service","keys",…,"error"}]; since the page joined (`anew`), or beside that.
  virtual void show_refused(std::string_view list, bool anew) = 0;

  // Runs an action; hub::action_done(run) follows once. `what`, a text_list: the event's name, its
  // key, its offset, and then its payload without a NUL at the end, whatever is in it. Empty where
  // nothing came.
  virtual void run_action(std::uint32_t run, std::uint32_t action, bool missed, text_list what) = 0;

  virtual void log(note what, std::string_view detail) = 0;

  // At least 0, less than 1.
  virtual double random_fraction() = 0;

 protected:
  ~host() = default;  // no one owns a host by this name
};

}  // namespace flowcast::core
