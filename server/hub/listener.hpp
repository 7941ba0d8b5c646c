#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "hub/frame_log.hpp"
#include "hub/interest_index.hpp"

namespace flowcast::hub {

// Whether a listener's frames end in their event's offset (clients that recover) or not (clients
// that do not know it).
enum class framing : std::uint8_t { plain, stamped };
inline constexpr std::size_t framings = 2;

// The socket behind a listener, on the same shard. None of its calls may call the hub back.
class frame_sink {
 public:
  frame_sink() = default;
  frame_sink(const frame_sink&) = delete;
  frame_sink& operator=(const frame_sink&) = delete;
  virtual ~frame_sink() = default;

  // Takes bytes of whole websocket text frames, as many as the socket accepts now without blocking
  // (a sink that took part of a frame is given its rest first). Having taken fewer than offered,
  // the sink calls fan_out::resume() once it can take more. While its frame_batch is open it may
  // also take all, and send it by the time that closes; what the socket then does not accept, it
  // queues itself.
  virtual std::size_t write_some(std::string_view frames) = 0;
  // Takes all, queueing what the socket does not accept now; the queue is bounded by the sink.
  virtual void write_all(std::string_view frames) = 0;
  // The listener fell too far behind and hears nothing any more. `rest`: what is left of a frame of
  // which the sink took a part. The sink ends its session after the call.
  virtual void overrun(std::string_view rest) = 0;
};

// The sinks of a shard, where they send together. Between open() and close() no sink is offered
// frames twice, and what write_some() was offered stays where it is. Neither call may call the hub
// back.
class frame_batch {
 public:
  frame_batch() = default;
  frame_batch(const frame_batch&) = delete;
  frame_batch& operator=(const frame_batch&) = delete;
  virtual ~frame_batch() = default;

  virtual void open() = 0;
  virtual void close() = 0;
};

// One session's place in its shard's fan_out, which alone reads and writes it. The owner leaves
// before it destroys it.
class listener {
 public:
  // `behind`: what the sink reads to write; only its place is of interest.
  listener(frame_sink& sink, framing frames, const void* behind = nullptr)
      : sink_(&sink), behind_(behind), framing_(frames) {}
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  ~listener() = default;

  [[nodiscard]] framing frames() const { return framing_; }
  // How many keys it is subscribed to, over all services.
  [[nodiscard]] std::size_t subscriptions() const { return interests_ ? interests_->keys : 0; }
  // The same, with services that it chose whole.
  [[nodiscard]] std::size_t interests_chosen() const {
    return interests_ ? interests_->chosen.size() : 0;
  }
  // Whether it chose what it hears; otherwise it hears every service that broadcasts.
  [[nodiscard]] bool selective() const { return mode_ == mode::selective; }

 private:
  friend class fan_out;
  friend class ring;
  friend class selective_queue;

  enum class mode : std::uint8_t { out, ring, selective };

  frame_sink* sink_;
  const void* behind_;
  frame_log::position cursor_ = 0;  // ring: sent up to here
  std::uint32_t place_ = 0;         // ring: index of its place. selective: its number in the queue
  std::uint32_t first_piece_ = 0;   // selective, queued: the numbers of its pieces
  std::uint32_t last_piece_ = 0;
  std::uint32_t cut_ = 0;  // ring: bytes left of the frame that the cursor stands in
  framing framing_;
  mode mode_ = mode::out;
  bool waiting_ = false;                  // ring: lags until resume(). selective: queued
  bool held_ = false;                     // until release()
  bool joined_ = false;                   // counted among the listeners; stays when it is put out
  std::unique_ptr<interests> interests_;  // selective
  std::unique_ptr<std::string> kept_;     // selective and held: what came meanwhile
};

}  // namespace flowcast::hub
