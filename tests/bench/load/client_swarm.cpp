#include "bench/load/client_swarm.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include <sys/socket.h>

namespace flowcast::bench {

namespace {

constexpr std::size_t at_once = 200;  // clients under way: less than any server's backlog
constexpr std::int64_t ping_every_ns = 15'000'000'000;
constexpr double seconds_to_connect = 120;

}  // namespace

client_swarm::client_swarm(event_loop& loop, swarm_options options)
    : loop_(loop),
      options_(std::move(options)),
      handler_(loop.add(*this)),
      next_ping_(now_ns() + ping_every_ns),
      buffer_(std::size_t{256} * 1024) {}

client_swarm::~client_swarm() {
  disconnect();
}

void client_swarm::connect(std::size_t count) {
  begin(count);
  const bool done =
      loop_.until([this] { return live_ == wanted_ || lost_ > 0; }, seconds_to_connect);
  if (!done || lost_ > 0) {
    throw std::runtime_error("only " + std::to_string(live_) + " of " + std::to_string(wanted_) +
                             " clients could connect");
  }
}

void client_swarm::begin(std::size_t count) {
  wanted_ += count;
  clients_.reserve(wanted_);
  while (under_way_ < at_once && clients_.size() < wanted_)
    start_one();
}

void client_swarm::disconnect() {
  for (client& who : clients_) {
    if (who.at != stage::closed)
      close_at_once(who.descriptor);
  }
  clients_.clear();
  wanted_ = under_way_ = live_ = 0;
}

void client_swarm::start_one() {
  client who;
  who.descriptor = connect_loopback(options_.port);
  const std::size_t i = clients_.size();
  clients_.push_back(std::move(who));
  ++under_way_;
  if (clients_[i].descriptor < 0) {
    clients_[i].at = stage::closed;
    ++lost_;
    return;
  }
  const std::string request = "GET /socket.io/?EIO=" + std::to_string(options_.engine) +
                              "&transport=websocket HTTP/1.1\r\n"
                              "Host: 127.0.0.1:" +
                              std::to_string(options_.port) +
                              "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                              "Sec-WebSocket-Version: 13\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  send(clients_[i].descriptor, request.data(), request.size(), MSG_NOSIGNAL);
  loop_.watch(clients_[i].descriptor, handler_, static_cast<std::uint32_t>(i), EPOLLIN);
}

void client_swarm::on_ready(std::uint32_t tag, std::uint32_t /*events*/) {
  if (tag >= clients_.size() || clients_[tag].at == stage::closed)
    return;
  const ssize_t size = recv(clients_[tag].descriptor, buffer_.data(), buffer_.size(), 0);
  if (size > 0) {
    bytes_ += static_cast<std::uint64_t>(size);
    receive(tag, {buffer_.data(), static_cast<std::size_t>(size)});
  } else if (size == 0 || errno != EAGAIN) {
    lose(clients_[tag]);
  }
  keep_alive();
}

void client_swarm::receive(std::size_t i, std::string_view bytes) {
  std::string& partial = clients_[i].partial;
  if (!partial.empty()) {
    partial.append(bytes);
    bytes = partial;
  }
  std::size_t taken = 0;
  if (clients_[i].at == stage::upgrading) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end != std::string_view::npos) {
      if (!bytes.starts_with("HTTP/1.1 101")) {
        lose(clients_[i]);
        return;
      }
      taken = end + 4;
      clients_[i].at = stage::opening;
    }
  }
  if (clients_[i].at != stage::upgrading)
    taken += take_frames(i, bytes.substr(taken));
  if (clients_[i].at == stage::closed)
    return;
  if (partial.empty()) {
    partial.assign(bytes.substr(taken));
  } else {
    partial.erase(0, taken);
  }
  if (partial.empty() && partial.capacity() > 1024)
    std::string().swap(partial);
}

// How many bytes of whole frames there were.
std::size_t client_swarm::take_frames(std::size_t i, std::string_view bytes) {
  std::size_t at = 0;
  while (bytes.size() - at >= 2) {
    const auto byte = [&](std::size_t offset) {
      return static_cast<unsigned char>(bytes[at + offset]);
    };
    std::size_t header = 2;
    std::size_t length = byte(1) & 0x7fU;
    if (length == 126) {
      header = 4;
    } else if (length == 127) {
      header = 10;
    }
    if (bytes.size() - at < header)
      break;
    if (header > 2) {
      length = 0;
      for (std::size_t offset = 2; offset < header; ++offset)
        length = length << 8 | byte(offset);
    }
    if (bytes.size() - at < header + length)
      break;
    const unsigned opcode = byte(0) & 0x0fU;
    if (opcode == 1)
      take_packet(i, bytes.substr(at + header, length));
    if (opcode == 8)
      lose(clients_[i]);
    if (clients_[i].at == stage::closed)
      break;
    at += header + length;
  }
  return at;
}

void client_swarm::take_packet(std::size_t i, std::string_view packet) {
  client& who = clients_[i];
  if (packet.starts_with("42")) {
    ++events_;
    if (on_event_)
      on_event_(i, packet);
  } else if (packet == "2") {
    send_text(who, "3");
  } else if (packet.starts_with("0")) {
    who.at = stage::connecting;
    // Engine.IO 3's servers connect a client unasked.
    if (options_.engine == 4)
      send_text(who, "40" + (options_.connect_with ? options_.connect_with(i) : "{}"));
  } else if (packet.starts_with("40") && who.at == stage::connecting) {
    connected(i, packet);
  } else if (packet.starts_with("43") && who.at == stage::subscribing) {
    become_live(who);
  } else if (packet.starts_with("44") || packet.starts_with("41")) {
    lose(who);
  }
}

void client_swarm::connected(std::size_t i, std::string_view packet) {
  client& who = clients_[i];
  constexpr std::string_view field = R"("offset":")";
  if (const std::size_t at = packet.find(field); at != std::string_view::npos) {
    const std::string_view rest = packet.substr(at + field.size());
    who.offset = rest.substr(0, rest.find('"'));
  }
  const std::vector<std::string> keys =
      options_.keys ? options_.keys(i) : std::vector<std::string>();
  if (keys.empty()) {
    become_live(who);
    return;
  }
  std::string subscribe = R"(421["subscribe","microflow",[)";
  for (const std::string& key : keys)
    subscribe.append(1, '"').append(key).append(R"(",)");
  subscribe.back() = ']';
  subscribe += ']';
  who.at = stage::subscribing;
  send_text(who, subscribe);
}

void client_swarm::become_live(client& who) {
  who.at = stage::live;
  ++live_;
  --under_way_;
  while (under_way_ < at_once && clients_.size() < wanted_)
    start_one();
}

void client_swarm::lose(client& who) {
  if (who.at == stage::closed)
    return;
  if (who.at == stage::live) {
    --live_;
  } else {
    --under_way_;
  }
  who.at = stage::closed;
  ++lost_;
  close_at_once(who.descriptor);
}

void client_swarm::keep_alive() {
  if (options_.engine != 3 || now_ns() < next_ping_)
    return;
  next_ping_ = now_ns() + ping_every_ns;
  for (const client& who : clients_) {
    if (who.at == stage::live)
      send_text(who, "2");
  }
}

// Out of the set altogether: what is sent to a socket in it takes the set's lock, also where nobody
// is to be woken, and the server's threads would wait for each other there.
void client_swarm::read_only_last(std::size_t count) {
  for (std::size_t i = 0; i + count < clients_.size(); ++i)
    loop_.forget(clients_[i].descriptor);
}

void client_swarm::catch_up() {
  for (std::size_t i = 0; i < clients_.size(); ++i)
    on_ready(static_cast<std::uint32_t>(i), EPOLLIN);
}

bool client_swarm::send_text(const client& who, std::string_view packet) {
  // Masked with zeros: a client's frames must be (RFC 6455, 5.3), with what is its own affair.
  std::string frame = "\x81";
  if (packet.size() <= 125) {
    frame.push_back(static_cast<char>(0x80U | packet.size()));
  } else {
    frame.append({static_cast<char>(0xfe), static_cast<char>(packet.size() >> 8),
                  static_cast<char>(packet.size())});
  }
  frame.append(4, '\0').append(packet);
  return send(who.descriptor, frame.data(), frame.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(frame.size());
}

}  // namespace flowcast::bench
