#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "operations/backlog.hpp"
#include "protocol/engine_packet.hpp"
#include "protocol/polling_payload.hpp"
#include "realtime/endpoint.hpp"
#include "realtime/engine_query.hpp"
#include "realtime/transport.hpp"

namespace flowcast::realtime {

class engine_session;

// HTTP long-polling (Engine.IO): what is sent waits for the client's next GET, or answers the one
// that waits.
class polling_transport final : public transport {
 public:
  // `queued_bytes`: of all queues of the shard; outlives it.
  polling_transport(engine_session& session, protocol::engine_revision revision,
                    std::size_t max_outbound, operations::backlog& queued_bytes,
                    std::unique_ptr<lease> place = nullptr)
      : session_(&session),
        revision_(revision),
        max_outbound_(max_outbound),
        queued_bytes_(&queued_bytes),
        place_(std::move(place)) {}
  ~polling_transport() override { forget_waiting(); }
  polling_transport(const polling_transport&) = delete;
  polling_transport& operator=(const polling_transport&) = delete;

  [[nodiscard]] bool polled() const { return static_cast<bool>(done_); }
  // Answers at once if something waits, else with the next packet.
  void poll(const engine_query& query, respond done);
  // Answers a poll that waits with a noop: the session moves to a websocket.
  void release();
  // Sends what waits by `other`.
  void move_to(transport& other);

  // The packets in the body of a POST, in turn; nullptr for one that cannot be read, or for a body
  // that cannot. Until `take` gives false.
  static void each_packet(const engine_query& query, protocol::engine_revision revision,
                          std::string_view body, bool binary,
                          const std::function<bool(const protocol::engine_packet*)>& take);

  [[nodiscard]] transport_kind kind() const override { return transport_kind::polling; }
  void send_text(std::string_view text) override;
  void send_binary(std::string_view data) override;
  std::size_t write_some(std::string_view frames) override;
  void write_all(std::string_view frames) override;
  [[nodiscard]] bool drained() const override { return waiting_.empty(); }
  [[nodiscard]] std::size_t waiting() const override { return bytes_; }
  void end(end_reason why) override;

 private:
  struct queued {
    bool binary;
    std::string data;  // text: with its type
  };

  void queue(queued what);
  void forget_waiting();
  void answer();

  engine_session* session_;
  protocol::engine_revision revision_;
  std::size_t max_outbound_;
  operations::backlog* queued_bytes_;
  std::unique_ptr<lease> place_;
  std::size_t bytes_ = 0;  // of what waits
  std::vector<queued> waiting_;
  engine_query query_;   // of the poll that waits
  respond done_;         // empty: no poll waits
  bool base64_ = false;  // the client takes no binary: it says so when it opens the session
};

}  // namespace flowcast::realtime
