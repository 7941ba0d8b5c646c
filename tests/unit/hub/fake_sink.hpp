#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hub/event_frame.hpp"
#include "hub/listener.hpp"

namespace flowcast::hub {

class fake_sink;

// Sinks that send when it closes what they were offered while it was open.
class fake_batch final : public frame_batch {
 public:
  void open() override { is_open_ = true; }
  void close() override;
  // False: it is not open.
  bool add(fake_sink& sink, std::string_view frames) {
    if (is_open_)
      added_.emplace_back(&sink, frames);
    return is_open_;
  }
  [[nodiscard]] bool is_open() const { return is_open_; }

 private:
  bool is_open_ = false;
  std::vector<std::pair<fake_sink*, std::string_view>> added_;
};

// A socket that takes as many bytes as it has room for, then none until it is given more, with the
// queue for write_all() that the contract of frame_sink asks for.
class fake_sink final : public frame_sink {
 public:
  static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

  explicit fake_sink(std::size_t room = unlimited) : room_(room) {}

  std::size_t write_some(std::string_view frames) override {
    ++sends_;
    if (queue_.empty() && batch_ != nullptr && batch_->add(*this, frames))
      return frames.size();
    const std::size_t taken = queue_.empty() ? take(frames) : 0;
    resume_due_ = resume_due_ || taken < frames.size();
    return taken;
  }
  void write_all(std::string_view frames) override {
    ++sends_;
    const std::size_t taken = queue_.empty() ? take(frames) : 0;
    queue_.append(frames.substr(taken));
  }
  void overrun(std::string_view rest) override {
    ++overruns_;
    queue_.append(rest);
  }

  // Gives the socket room for so many bytes more. True: the owner has to call resume() now.
  bool open(std::size_t bytes = unlimited) {
    room_ = bytes == unlimited ? unlimited : room_ + bytes;
    queue_.erase(0, take(std::string(queue_)));
    const bool due = resume_due_ && queue_.empty() && room_ > 0;
    resume_due_ = resume_due_ && !due;
    return due;
  }
  void block() { room_ = 0; }

  void send_with(fake_batch& batch) { batch_ = &batch; }
  // What the batch had of it.
  void send(std::string_view frames) { queue_.append(frames.substr(take(frames))); }

  [[nodiscard]] const std::string& bytes() const { return received_; }
  // What its client reads in time: also what waits in the socket's own queue.
  [[nodiscard]] std::string bytes_and_queue() const { return received_ + queue_; }
  // The packets in bytes(), which are whole frames.
  [[nodiscard]] std::vector<std::string> packets() const {
    std::vector<std::string> all;
    frame_reader reader(received_);
    for (std::string_view packet = reader.next(); !packet.empty(); packet = reader.next())
      all.emplace_back(packet);
    return all;
  }
  [[nodiscard]] bool has_queue() const { return !queue_.empty(); }
  [[nodiscard]] std::size_t sends() const { return sends_; }
  [[nodiscard]] std::size_t overruns() const { return overruns_; }

 private:
  std::size_t take(std::string_view frames) {
    const std::size_t taken = std::min(room_, frames.size());
    received_.append(frames.substr(0, taken));
    if (room_ != unlimited)
      room_ -= taken;
    return taken;
  }

  std::size_t room_;
  fake_batch* batch_ = nullptr;
  std::string received_;
  std::string queue_;
  bool resume_due_ = false;
  std::size_t sends_ = 0;
  std::size_t overruns_ = 0;
};

inline void fake_batch::close() {
  is_open_ = false;
  for (const auto& [sink, frames] : added_)
    sink->send(frames);
  added_.clear();
}

}  // namespace flowcast::hub
