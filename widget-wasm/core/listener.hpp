#pragma once

#include <cstddef>
#include <cstdint>

#include "core/pointer_list.hpp"
#include "core/text.hpp"

namespace flowcast::core {

using listener_id = std::uint32_t;
using action_id = std::uint32_t;

struct action_options {
  std::uint32_t throttle = 0;  // ms: at least so long between two starts
  std::uint32_t spread = 0;    // ms: a random delay of up to so long before a start
  bool per_key = false;        // each key runs by itself
  bool ignore_own = false;     // the page's own changes do not run it
  bool ignore_missed = false;  // "events may have been missed" does not run it
};

struct action {
  action_id id = 0;
  action_options how;
  const text_buffer* what = nullptr;  // a text_list: see triggers::add
};

struct service_interest;
// What one widget listens to. Owned by `subscriptions`; triggers runs its actions.
struct listener {
  listener_id id = 0;
  service_interest* service = nullptr;
  std::size_t field = 0;  // of the service's key fields
  text_buffer own;  // a text_list: field and value that mark a record as the page's own change
  pointer_list<action> actions;
};

}  // namespace flowcast::core
