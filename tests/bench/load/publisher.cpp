#include "bench/load/publisher.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <stdexcept>

#include <sys/socket.h>

namespace flowcast::bench {

namespace {

// The length of a whole answer at the front of `bytes`, or 0.
std::size_t answer_length(std::string_view bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos)
    return 0;
  for (const std::string_view field : {"Content-Length: ", "content-length: "}) {
    const std::size_t at = bytes.substr(0, end).find(field);
    if (at == std::string_view::npos)
      continue;
    std::size_t length = 0;
    std::from_chars(bytes.data() + at + field.size(), bytes.data() + end, length);
    return bytes.size() >= end + 4 + length ? end + 4 + length : 0;
  }
  throw std::runtime_error("an answer without its length: " + std::string(bytes.substr(0, end)));
}

}  // namespace

publisher::publisher(event_loop& loop, std::uint16_t port, std::size_t connections)
    : loop_(loop),
      handler_(loop.add(*this)),
      head_("POST /microflow HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
            "\r\nContent-Type: application/json\r\nContent-Length: "),
      connections_(connections),
      buffer_(std::size_t{16} * 1024) {
  free_.reserve(connections);
  for (std::uint32_t i = 0; i < connections; ++i) {
    connections_[i].descriptor = connect_loopback(port);
    if (connections_[i].descriptor < 0)
      throw std::runtime_error("no connection to publish on");
    loop_.watch(connections_[i].descriptor, handler_, i, EPOLLIN);
    free_.push_back(i);
  }
}

publisher::~publisher() {
  for (const connection& each : connections_) {
    if (each.descriptor >= 0)
      close_at_once(each.descriptor);
  }
}

void publisher::post(std::string_view json) {
  connection& by = connections_[free_.back()];
  free_.pop_back();
  const std::string request = head_ + std::to_string(json.size()) + "\r\n\r\n" + std::string(json);
  by.began = now_ns();
  if (send(by.descriptor, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size()))
    ++failed_;
}

void publisher::on_ready(std::uint32_t tag, std::uint32_t /*events*/) {
  connection& by = connections_[tag];
  if (by.descriptor < 0)
    return;
  const ssize_t size = recv(by.descriptor, buffer_.data(), buffer_.size(), 0);
  if (size <= 0) {
    if (size < 0 && errno == EAGAIN)
      return;
    ++failed_;
    close_at_once(by.descriptor);
    by.descriptor = -1;
    return;
  }
  by.answer.append(buffer_.data(), static_cast<std::size_t>(size));
  if (answer_length(by.answer) == 0)
    return;
  latencies_.push_back(now_ns() - by.began);
  ++answered_;
  if (!by.answer.starts_with("HTTP/1.1 201"))
    ++failed_;
  by.answer.clear();
  free_.push_back(tag);
}

std::string guid_of(std::uint64_t number) {
  std::array<char, 37> text{};
  std::snprintf(text.data(), text.size(), "%08x-5b2e-4c1f-9a00-%012llx",
                static_cast<unsigned>(number * 2'654'435'761U),
                static_cast<unsigned long long>(number));
  return text.data();
}

std::string body_of(std::uint64_t number) {
  return R"({"text":")" + guid_of(number) + R"("})";
}

}  // namespace flowcast::bench
