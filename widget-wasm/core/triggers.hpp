#pragma once

#include <cstdint>
#include <string_view>

#include "core/clock.hpp"
#include "core/host.hpp"
#include "core/listener.hpp"
#include "core/pointer_list.hpp"
#include "core/text.hpp"

namespace flowcast::core {

// When actions run.
//
// Rules, for each action, and where it is per key for each of its keys:
//  1. It never runs in parallel with itself: host::run_action, then done(), before it runs again.
//  2. An event for an action at rest starts it, after a random part of `spread`, and not before
//     `throttle` has passed since it last started.
//  3. Events that come while it waits, and all that come while it runs, become one run, with the
//     latest of them. None is dropped, and no more than one run ever waits.
//  4. After "events may have been missed" it runs once, with no event, or with the latest one if
//     that came meanwhile.
//  5. What waits for a key that its listener does not want any more does not run.
class triggers {
 public:
  explicit triggers(host& page) : page_(page) {}

  // `what`: the field of the record that is its payload (of a string its content, of anything else
  // its JSON; empty: the whole record), then the names of the events that run it (none: any).
  action_id add(listener& who, text_list what, const action_options& how);
  void remove(const listener& who);

  void happened(const listener& who, const event& what, bool own, milliseconds now);
  void missed(const listener& who, milliseconds now);
  void done(std::uint32_t id, milliseconds now);  // of a run

  void tick(milliseconds now);
  [[nodiscard]] milliseconds due() const;

 private:
  // What is not at rest: it waits for its time, runs, or must not run again yet.
  struct run {
    enum class stage : std::uint8_t { resting, waiting, running };
    std::uint32_t id = 0;
    action_id action = 0;
    const listener* who = nullptr;
    action_options how;
    milliseconds due = never;  // waiting: to start; resting: to be forgotten
    milliseconds started = -never;
    stage at = stage::resting;
    bool again = false;  // running: something came meanwhile
    bool missed = false;
    text_buffer key;     // where it is per key
    text_buffer latest;  // the event to run with, a text_list: name, key, offset, payload
  };

  void ask(const listener& who, const action& what, std::string_view key, const event* latest,
           milliseconds now);
  void schedule(run& one, milliseconds now);
  void start(run& one, milliseconds now);
  static void rest(run& one);

  host& page_;
  pointer_list<run> runs_;
  pointer_list<text_buffer> lists_;  // `what`, each once: actions seldom differ in it
  action_id last_action_ = 0;
  std::uint32_t last_run_ = 0;
};

}  // namespace flowcast::core
