#pragma once

#include <cstddef>
#include <vector>

#include "hub/frame_log.hpp"
#include "hub/listener.hpp"

namespace flowcast::hub {

// Listeners that hear one and the same stream of frames, each with a cursor in one log. Passes go
// round the ring in slices, so that reads, pings and new frames join in between; frames that came
// during a pass leave in one send.
//
// Rules
//  1. A listener's bytes leave in the log's order, each once, from where the log ended when it
//  joined.
//  2. A listener that does not keep up costs the others nothing: its cursor waits, until resume()
//  or the limit.
//  3. The log keeps what the slowest cursor needs, at most `max_lag` bytes beyond the fastest.
class ring {
 public:
  explicit ring(std::size_t max_lag) : max_lag_(max_lag) {}

  [[nodiscard]] bool empty() const { return members_.empty(); }
  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] std::size_t log_bytes() const {
    return static_cast<std::size_t>(log_.end() - log_.begin());
  }

  // What has not been all the way round yet; not what only those need who lag behind.
  [[nodiscard]] std::size_t waiting_bytes() const {
    return static_cast<std::size_t>(log_.end() - offered_);
  }

  // Where the log ends, and up to where all members have been offered it.
  [[nodiscard]] frame_log::position end() const { return log_.end(); }
  [[nodiscard]] frame_log::position offered() const { return offered_; }

  void join(listener& who);
  void leave(listener& who);

  // Where the frames of an event go, for all members.
  std::string& tail() { return log_.tail(); }

  // Serves up to `budget` members, in one batch if there is one. True: there is more to do.
  bool run(std::size_t budget, frame_batch* together = nullptr);

  // Gives what `who` has not been sent yet, for its owner to send from here on. Valid until the
  // next call.
  std::string_view take_pending(listener& who);
  // Gives the sink of `who` all that it has not been sent yet.
  void flush(listener& who);
  // The sink of `who` can take more.
  void resume(listener& who);
  // Between the two, `who` is sent nothing and loses nothing.
  void hold(listener& who);
  void release(listener& who);

 private:
  void serve(listener& who);
  void serve_next(std::size_t budget);
  void put_out_overrun();
  void look_ahead() const;
  void stall(listener& who, std::string_view frames, std::size_t taken);
  static bool stalled(const listener& who) { return who.waiting_ || who.held_; }
  [[nodiscard]] bool too_far_behind(const listener& who) const {
    return log_.end() - who.cursor_ > max_lag_;
  }
  void end_pass();
  void trim();
  void trim_if_idle();

  std::size_t max_lag_;
  frame_log log_;
  std::vector<listener*> members_;
  bool in_pass_ = false;
  std::size_t at_ = 0;                // the pass has served the members before it
  frame_log::position pass_end_ = 0;  // what every member has been offered when the pass ends
  frame_log::position offered_ = 0;   // what every member has been offered
  std::size_t stalled_ = 0;           // members that wait for their socket, or are held
  std::vector<listener*> overrun_;
};

}  // namespace flowcast::hub
