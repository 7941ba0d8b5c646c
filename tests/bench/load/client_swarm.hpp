#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/load/event_loop.hpp"

namespace flowcast::bench {

struct swarm_options {
  std::uint16_t port = 0;
  unsigned engine = 4;  // Engine.IO revision
  // What client i says when it connects, after `40`; nothing: "{}".
  std::function<std::string(std::size_t)> connect_with;
  // The keys of the service that client i subscribes to by a "subscribe" event; none: none.
  std::function<std::vector<std::string>(std::size_t)> keys;
};

// Websocket clients of one server, that count the events they are sent. Frames are looked at no
// further than that takes, so that thousands cost little beside the server that is measured.
class client_swarm final : private ready_handler {
 public:
  client_swarm(event_loop& loop, swarm_options options);
  client_swarm(const client_swarm&) = delete;
  client_swarm& operator=(const client_swarm&) = delete;
  ~client_swarm() override;

  // Adds clients and waits until all of them are live. Throws std::runtime_error if they do not
  // get there.
  void connect(std::size_t count);
  // The same without waiting: see live().
  void begin(std::size_t count);
  void disconnect();

  [[nodiscard]] std::size_t live() const { return live_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  // Clients that the server closed, or that could not connect.
  [[nodiscard]] std::size_t lost() const { return lost_; }
  // The offset that the server told client i when it connected.
  [[nodiscard]] const std::string& offset(std::size_t i) const { return clients_[i].offset; }

  // Called with each event packet, where set. `client` counts from 0.
  void on_event(std::function<void(std::size_t client, std::string_view packet)> call) {
    on_event_ = std::move(call);
  }
  // From here on all but the last `count` clients leave what they are sent in their sockets, until
  // they are to catch up.
  void read_only_last(std::size_t count);
  void catch_up();

 private:
  enum class stage : std::uint8_t { upgrading, opening, connecting, subscribing, live, closed };
  struct client {
    int descriptor = -1;
    stage at = stage::upgrading;
    std::string partial;  // of a frame, or of the answer to the upgrade
    std::string offset;
  };

  void on_ready(std::uint32_t tag, std::uint32_t events) override;
  void start_one();
  void receive(std::size_t i, std::string_view bytes);
  std::size_t take_frames(std::size_t i, std::string_view bytes);
  void take_packet(std::size_t i, std::string_view packet);
  void connected(std::size_t i, std::string_view packet);
  void become_live(client& who);
  void lose(client& who);
  void keep_alive();
  static bool send_text(const client& who, std::string_view packet);

  event_loop& loop_;
  swarm_options options_;
  std::uint32_t handler_;
  std::vector<client> clients_;
  std::size_t wanted_ = 0;  // how many clients there should be
  std::size_t under_way_ = 0;
  std::size_t live_ = 0;
  std::size_t lost_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t bytes_ = 0;
  std::int64_t next_ping_ = 0;  // Engine.IO 3: its clients ping
  std::function<void(std::size_t, std::string_view)> on_event_;
  std::vector<char> buffer_;
};

}  // namespace flowcast::bench
