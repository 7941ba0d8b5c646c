#pragma once

#include <cstddef>
#include <string_view>

#include "core/listener.hpp"
#include "core/pointer_list.hpp"
#include "core/text.hpp"
#include "protocol/json_value.hpp"

namespace flowcast::core {

// A key of a service that someone listens to, or that the server has not yet been told to forget.
struct subscription {
  text_buffer key;
  pointer_set<listener> listeners;
  bool told = false;  // the server has it
  bool kept = false;  // while a listener's keys are replaced
};

// All that is listened to of one service.
struct service_interest {
  text_buffer name;
  text_buffer key_fields;  // a text_list; seldom more than one
  std::size_t fields = 0;
  std::size_t listeners = 0;
  pointer_list<subscription> keys;  // sorted
  pointer_set<listener> whole;      // who listens to all of it
  bool told_whole = false;
};

// Called for each listener that wants a record, with the record's key (empty if it has none).
class match_visitor {
 public:
  match_visitor() = default;
  match_visitor(const match_visitor&) = delete;
  match_visitor& operator=(const match_visitor&) = delete;
  virtual void matched(listener& who, std::string_view key) = 0;

 protected:
  ~match_visitor() = default;
};

// Who listens to what, and what the server has been told of it.
//
// Rules:
//  1. A key that several listeners want is subscribed to once, and given up with the last of them.
//  2. The server is told differences, all of a moment in one packet a service; after a reconnect,
//     everything, in the connect packet.
//  3. A listener to a whole service (null instead of keys) makes subscriptions to its keys
//     needless; what is needed more is told before what is needed less, so that no event falls in
//     between.
//  4. Whatever the server sends, keys are compared here too. A record's key is the text of its key
//     field: of a string its content, of a number its digits as they were written, so that GUIDs
//     above 2^53 compare exactly.
class subscriptions {
 public:
  // `own`: see listener.
  listener& add(std::string_view service, std::string_view key_field, text_list own);
  void set_keys(listener& who, text_list keys);
  void set_whole(listener& who);
  void remove(listener& who);  // and destroys it
  // Null if there is none of that name.
  [[nodiscard]] listener* find(listener_id id) const;

  [[nodiscard]] bool empty() const { return listeners_.empty(); }
  [[nodiscard]] const pointer_list<listener>& listeners() const { return listeners_; }
  [[nodiscard]] static bool wants(const listener& who, std::string_view key);

  void match(std::string_view name, const protocol::json_value& record, match_visitor& visit);

  // Appends the object for the connect packet, `{"microflow":["1","2"],"chat":null}`, and takes all
  // in it as told. There must have been a listener.
  void write_all(text_buffer& out);

  // Writes the arguments of the next packet to send, `["subscribe","microflow",["3"]]`, and takes
  // them as told; false if there are none.
  [[nodiscard]] bool next_change(text_buffer& out);
  [[nodiscard]] bool changed() const { return changed_; }

 private:
  [[nodiscard]] service_interest* find_service(std::string_view name) const;

  pointer_list<listener> listeners_;
  pointer_list<service_interest> services_;
  listener_id last_id_ = 0;
  bool changed_ = false;
};

// The text of a value that may be a key: of a string its content (`buffer` holds it if it has
// escapes), of a number its digits; else empty.
[[nodiscard]] std::string_view key_text(const protocol::json_value& value, text_buffer& buffer);

}  // namespace flowcast::core
