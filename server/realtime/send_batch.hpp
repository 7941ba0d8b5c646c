#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "hub/listener.hpp"
#include "operations/tally.hpp"
#include "realtime/secure_channel.hpp"
#include "realtime/socket_handle.hpp"

namespace flowcast::realtime {

// Whose bytes a batch has.
class batched_sender {
 public:
  batched_sender() = default;
  batched_sender(const batched_sender&) = delete;
  batched_sender& operator=(const batched_sender&) = delete;
  virtual ~batched_sender() = default;

  // Neither call destroys a sender, or adds to the batch.
  //
  // What became of `bytes`, as stream::send() says it.
  virtual void on_sent(std::string_view bytes, transfer how) = 0;
  // It is to send them now, by itself: nothing was to be gained.
  virtual void send_alone(std::string_view bytes) = 0;
};

// Sends to many sockets by one system call, where the system can (io_uring on Linux): for a small
// send, the way into the kernel and back is much of the work. On one thread.
//
// Rules
//  1. When flush() or close() returns, all that was added has been offered to its socket, in the
//     order of adding.
//  2. Nothing waits for a socket: one that is full takes what it has room for.
//  3. Where the system can not, or does not let us, every sender sends by itself.
class send_batch final : public hub::frame_batch {
 public:
  // Sends that leave together at most, and what is too long to gain by it.
  static constexpr std::size_t most_sends = 256;
  static constexpr std::size_t most_bytes = std::size_t{16} * 1024;

  // When a sender is told what became of its bytes.
  enum class report : std::uint8_t { shortfall, always };

  // `wanted`: false where every sender is to send by itself.
  explicit send_batch(bool wanted = true);
  ~send_batch() override;
  send_batch(const send_batch&) = delete;
  send_batch& operator=(const send_batch&) = delete;

  // From here to close(), sends may be added.
  void open() override;
  // True: `bytes` and `by` are to stay until the batch is sent. False: `by` is to send them now.
  // No socket is added twice.
  [[nodiscard]] bool add(socket_handle socket, std::string_view bytes, batched_sender& by,
                         report when);
  // Sends what was added; more may be.
  void flush();
  void close() override;
  // Something was added, and not sent yet.
  [[nodiscard]] bool pending() const { return count_ > 0; }

  // Sends that left together with others so far. From any thread.
  [[nodiscard]] const operations::tally& sent_together() const { return sent_together_; }

 private:
  struct planned {
    socket_handle socket = no_socket;
    std::string_view bytes;
    batched_sender* by = nullptr;
    report when = report::always;
  };
  struct system;  // the operating system's part

  [[nodiscard]] bool begin(const planned& one);
  void give_up();

  bool works_;
  std::size_t count_ = 0;
  std::size_t limit_ = 0;  // of the count: nothing while it is closed
  planned first_;          // waits for a second: one alone gains nothing
  std::unique_ptr<system> system_;
  operations::tally sent_together_;
};

}  // namespace flowcast::realtime
