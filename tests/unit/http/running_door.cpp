#include "unit/http/running_door.hpp"

#include <array>
#include <cstdlib>
#include <future>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace flowcast::http {

namespace {

constexpr auto patience = std::chrono::seconds(10);

std::vector<std::unique_ptr<hub::shard>> one_shard() {
  std::vector<std::unique_ptr<hub::shard>> shards;
  shards.push_back(std::make_unique<hub::shard>(0));
  return shards;
}

std::vector<services::service_options> one_service() {
  std::vector<services::service_options> one(1);
  one[0].definition.name = "microflow";
  return one;
}

class held_poll final : public realtime::pending_poll {
 public:
  explicit held_poll(fake_engine& engine) : engine_(engine) {}
  ~held_poll() override {
    const std::lock_guard lock(engine_.mutex);
    ++engine_.aborted;
    engine_.changed.notify_all();
  }

 private:
  fake_engine& engine_;
};

}  // namespace

std::unique_ptr<realtime::pending_poll> fake_engine::serve(realtime::engine_request request,
                                                           realtime::respond done) {
  std::unique_lock lock(mutex);
  const std::string query = request.query;
  requests.push_back(std::move(request));
  changed.notify_all();
  if (!holds_polls || query == "release") {
    const std::vector<realtime::respond> released = std::exchange(held, {});
    lock.unlock();
    for (const realtime::respond& each : released)
      each({200, "text/plain; charset=UTF-8", "released"});
    done({200, "text/plain; charset=UTF-8", query});
    return nullptr;
  }
  held.push_back(std::move(done));
  return std::make_unique<held_poll>(*this);
}

std::optional<realtime::engine_response> fake_engine::refuse_websocket(
    const realtime::engine_request& request) {
  const std::lock_guard lock(mutex);
  requests.push_back({request.method, request.path, request.query, request.body,
                      request.binary_body, request.origin, request.authorization, request.address,
                      request.upgrade});
  return refusal;
}

void fake_engine::adopt_websocket(realtime::stream socket, realtime::engine_request /*request*/,
                                  std::string with) {
  const std::lock_guard lock(mutex);
  adopted.emplace(std::move(socket));
  received = std::move(with);
  changed.notify_all();
}

bool fake_engine::wait_until(const std::function<bool()>& holds) {
  std::unique_lock lock(mutex);
  return changed.wait_for(lock, patience, holds);
}

running_door::running_door(http_options options)
    : options_(std::move(options)),
      limits_(options_),
      shards_(one_shard()),
      hub_(shards_, {{"microflow", true}}),
      services_(one_service(), store),
      origins_(options_.allowed_origins),
      landing_(services_),
      site_{services_, store, hub_, origins_, landing_, log_, limits_, auth_, refused_, counted_},
      door_(std::make_unique<door>(*shards_.front(), options_, site_, engine)) {
  const std::array contexts = {&shards_.front()->context()};
  door_->listen(std::move(listen_on(address_, contexts).front()));
  shards_.front()->start();
}

running_door::~running_door() {
  shards_.front()->stop();
  door_.reset();
}

void running_door::run(const std::function<void()>& task) {
  std::promise<void> done;
  shards_.front()->post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

raw_client::raw_client(std::uint16_t port, int receive_buffer)
    : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const timeval limit = {patience.count(), 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (receive_buffer > 0) {
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
}

raw_client::~raw_client() {
  if (descriptor_ != -1) {
    ::close(descriptor_);
  }
}

void raw_client::say(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) {
      return;  // what the server makes of it shows in its answer
    }
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
}

void raw_client::finish() {
  ::shutdown(descriptor_, SHUT_WR);
}

void raw_client::leave() {
  const linger at_once = {1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(descriptor_);
  descriptor_ = -1;
}

bool raw_client::read() {
  std::array<char, 65536> block = {};
  const ssize_t size = ::recv(descriptor_, block.data(), block.size(), 0);
  if (size > 0) {
    heard_.append(block.data(), static_cast<std::size_t>(size));
  }
  return size > 0;
}

std::string raw_client::response(bool to_head) {
  std::size_t head = 0;
  while ((head = heard_.find("\r\n\r\n")) == std::string::npos) {
    if (!read()) {
      return {};
    }
  }
  std::size_t size = head + 4;
  const std::size_t length = heard_.find("Content-Length: ");
  if (!to_head && length < head) {
    size += std::strtoul(heard_.c_str() + length + 16, nullptr, 10);
  }
  while (heard_.size() < size) {
    if (!read()) {
      return {};
    }
  }
  std::string made = heard_.substr(0, size);
  heard_.erase(0, size);
  return made;
}

std::string raw_client::rest() {
  while (read()) {
  }
  return std::exchange(heard_, {});
}

bool raw_client::has_ended() {
  std::array<char, 1> byte = {};
  return heard_.empty() && ::recv(descriptor_, byte.data(), byte.size(), 0) == 0;
}

}  // namespace flowcast::http
