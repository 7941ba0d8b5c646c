#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/http_options.hpp"
#include "http/request_parser.hpp"
#include "http/response.hpp"
#include "operations/rejections.hpp"
#include "realtime/endpoint.hpp"
#include "realtime/send_batch.hpp"
#include "realtime/socket_set.hpp"
#include "realtime/stream.hpp"

namespace flowcast::http {

class door;

// Whether a listener is the one for those who look at metrics and status, and whether it is for
// this machine alone.
enum class observer_way : std::uint8_t { none, anybody, this_machine };

// Names a connection of a door, also after it has gone: what answers later holds this.
struct connection_id {
  std::uint32_t place = 0;
  std::uint32_t generation = 0;
};

// One client's HTTP connection, on its shard's thread. The door owns it.
//
// Rules
//  1. One request at a time: the next one is not looked at before the answer to this one has been
//     handed to the kernel, so that pipelined requests are answered in order, and a client that
//     does not read its answers cannot make more of them.
//  2. A buffer is held only for part of a request, or of an answer that the socket did not take.
//  3. Every wait has a deadline: for the head from its first byte (or the accept), for the body,
//  for
//     the next request, for progress in writing. Only a request in the server's hands has none.
//  4. Readiness is told once: what the socket said while nothing could be read is remembered.
//  5. After an answer that ends the connection, what the client still sends is read and dropped for
//     a moment: closing at once would reset the connection before the answer is read.
class connection final : private realtime::socket_member, private realtime::batched_sender {
 public:
  // `to_observe`: it came by the listener for metrics and status.
  connection(door& owner, connection_id id, realtime::stream socket, std::string address,
             observer_way to_observe);
  ~connection() override;
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  [[nodiscard]] connection_id id() const { return id_; }
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] bool is_secure() const { return stream_.is_secure(); }
  [[nodiscard]] observer_way way() const { return way_; }

  void start();

  // While a request is being answered.
  [[nodiscard]] request& in() { return parser_.made(); }
  [[nodiscard]] const request& in() const { return parser_.made(); }
  void respond(const response& made, std::string_view cross_origin);
  // An answer that was gathered, at the end of its turn, in the batch that is open.
  void write_together(std::string_view bytes);
  // Holds on to a poll until the answer, and lets go of it when the client goes away before.
  void keep(std::unique_ptr<realtime::pending_poll> poll);
  // Answers 101, and gives the socket away: the connection ends.
  struct released {
    realtime::stream socket;
    std::string received;  // bytes that came after the request
  };
  [[nodiscard]] std::optional<released> switch_protocols(std::string_view answer);

  [[nodiscard]] bool is_answering() const { return phase_ == phase::answering; }
  [[nodiscard]] bool is_idle() const { return phase_ == phase::idle; }
  [[nodiscard]] bool is_past(std::chrono::steady_clock::time_point now) const {
    return now >= deadline_;
  }
  // The deadline has passed.
  void expire();
  // Others need the room of its answer, which is not taken.
  void give_up();
  // Bytes of it that wait.
  [[nodiscard]] std::size_t unsent() const { return output_.size(); }

 private:
  // answered: made, and to be sent at the end of the turn. writing: sent in part.
  enum class phase : std::uint8_t {
    idle,
    head,
    body,
    answering,
    answered,
    writing,
    lingering,
    ended
  };

  void on_ready(realtime::readiness now) override;
  void on_sent(std::string_view bytes, realtime::transfer how) override;
  void send_alone(std::string_view bytes) override;
  [[nodiscard]] bool may_read() const;
  void read();
  void take(std::string_view bytes);
  [[nodiscard]] std::string_view parse(std::string_view bytes);
  void serve();
  void refuse(unsigned status, std::string_view message, operations::rejection why);
  void write(std::string_view bytes);
  void write_rest();
  void answer_done();
  void linger();
  void end();
  void set_deadline(std::chrono::milliseconds from_now);

  door& owner_;
  const connection_id id_;
  phase phase_ = phase::idle;
  const observer_way way_;
  bool keep_alive_ = true;    // after the answer being written
  bool in_set_ = false;       // of the door's sockets
  bool unread_ = false;       // the socket may have more than was read
  bool hung_up_ = false;      // the client has ended its side, behind what is unread
  bool parsing_ = false;      // below parse(): it goes on by itself after an answer
  std::size_t lingered_ = 0;  // bytes dropped
  std::chrono::steady_clock::time_point deadline_;
  realtime::stream stream_;
  request_parser parser_;
  std::string input_;       // received, not yet parsed
  std::string_view ahead_;  // below serve(): what came behind the request
  std::string output_;      // answered, not yet sent
  std::string address_;
  std::unique_ptr<realtime::pending_poll> poll_;
};

}  // namespace flowcast::http
