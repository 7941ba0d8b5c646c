#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/door.hpp"
#include "http/listen.hpp"
#include "unit/services/fake_store.hpp"

namespace flowcast::http {

// Stands in for Engine.IO: keeps what it is handed, and answers when told to.
class fake_engine final : public realtime::endpoint {
 public:
  std::unique_ptr<realtime::pending_poll> serve(realtime::engine_request request,
                                                realtime::respond done) override;
  std::optional<realtime::engine_response> refuse_websocket(
      const realtime::engine_request& request) override;
  void adopt_websocket(realtime::stream socket, realtime::engine_request request,
                       std::string received) override;

  // Waits until it holds with the engine locked; false if that takes too long.
  bool wait_until(const std::function<bool()>& holds);

  std::mutex mutex;
  std::condition_variable changed;
  // Else they are answered at once, with their query. One of the query `release` is, and answers
  // those that are held.
  bool holds_polls = false;
  std::optional<realtime::engine_response> refusal;
  std::vector<realtime::engine_request> requests;
  std::vector<realtime::respond> held;
  int aborted = 0;  // polls whose client went away before the answer
  std::optional<realtime::stream> adopted;
  std::string received;
};

// A door on a port of this machine, on a shard that runs.
class running_door {
 public:
  explicit running_door(http_options options = {});
  ~running_door();
  running_door(const running_door&) = delete;
  running_door& operator=(const running_door&) = delete;

  [[nodiscard]] std::uint16_t port() const { return address_.port; }
  // On the shard's thread, and waits for it.
  void run(const std::function<void()>& task);
  [[nodiscard]] door& way_in() { return *door_; }

 private:
  http_options options_;
  entry_limits limits_;  // outlives the places that the engine keeps

 public:
  fake_engine engine;
  services::fake_store store;

 private:
  operations::log log_{operations::severity::error, operations::log_format::text, 2};
  std::vector<std::unique_ptr<hub::shard>> shards_;
  hub::hub hub_;
  services::service_registry services_;
  cross_origin origins_;
  auth::authenticator auth_{{}};
  operations::rejections refused_;
  operations::metrics counted_;
  landing_page landing_;
  site site_;
  std::unique_ptr<door> door_;
  listen_address address_{"127.0.0.1", 0};
};

// A client that says bytes and hears bytes.
class raw_client {
 public:
  explicit raw_client(std::uint16_t port, int receive_buffer = 0);
  ~raw_client();
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  void say(std::string_view bytes);
  void finish();  // says no more
  void leave();   // with a reset

  // One response, its body by Content-Length. Empty: the connection ended, or it took too long.
  std::string response(bool to_head = false);
  // Bytes until the connection ends.
  std::string rest();
  [[nodiscard]] bool has_ended();

 private:
  bool read();

  int descriptor_;
  std::string heard_;
};

}  // namespace flowcast::http
