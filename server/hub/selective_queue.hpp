#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hub/frame_log.hpp"
#include "hub/listener.hpp"

namespace flowcast::hub {

// What selective listeners are owed: each has its own choice of the frames, kept once for all of
// them. They are served first come, first served, in slices; a burst for one listener leaves in one
// send.
//
// Rules
//  1. A listener's frames leave in the order they were added, each once.
//  2. A listener that is full gets the rest into its sink's own queue: nothing here waits for it.
//  3. Nothing is allocated once the buffers have grown to the load.
class selective_queue {
 public:
  // Pieces are numbered from `first_number` on; the numbers wrap.
  explicit selective_queue(std::size_t max_kept, std::uint32_t first_number = 0)
      : max_kept_(max_kept), first_number_(first_number) {}

  [[nodiscard]] bool empty() const { return served_ == queue_.size(); }
  [[nodiscard]] std::size_t log_bytes() const;
  // How many places there have been so far, and how many of them have been served.
  [[nodiscard]] std::uint64_t places_given() const { return forgotten_ + queue_.size(); }
  [[nodiscard]] std::uint64_t places_served() const { return forgotten_ + served_; }

  // The part of a log that an event's frame takes up: add_frame() once a framing, then add() for
  // each listener.
  struct piece {
    frame_log::position begin = 0;
    frame_log::position end = 0;
  };
  piece add_frame(framing frames, std::string_view frame);
  void add(listener& who, const piece& frame);

  // Serves up to `budget` listeners, in one batch if there is one. True: there is more to do.
  bool run(std::size_t budget, frame_batch* together = nullptr);

  // Serves `who` now, out of turn.
  void flush(listener& who);
  // Forgets what it is owed.
  void remove(listener& who);

  void hold(listener& who) { who.held_ = true; }
  void release(listener& who);

 private:
  struct linked_piece {
    piece bytes;
    std::uint32_t next = 0;
  };

  linked_piece& at(std::uint32_t number) { return pieces_[number - first_number_]; }
  void serve(listener& who);
  // What it is owed is one piece of the log, and stays where it is while the queue is served.
  bool in_one_piece(const listener& who) { return who.first_piece_ == who.last_piece_; }
  std::string_view collect(const listener& who);
  void keep(listener& who, std::string_view frames);
  void forget_served();
  frame_log::position oldest_needed(framing frames);

  std::size_t max_kept_;
  std::array<frame_log, framings> logs_;
  std::vector<linked_piece> pieces_;
  std::uint32_t first_number_;    // of pieces_[0]
  std::vector<listener*> queue_;  // null: removed
  std::size_t served_ = 0;        // places before it are done
  std::uint64_t forgotten_ = 0;   // places that were in the queue
  std::string gathered_;
};

}  // namespace flowcast::hub
