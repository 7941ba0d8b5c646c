#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/load/event_loop.hpp"

namespace flowcast::bench {

// Publishes over keep-alive HTTP connections, one request at a time on each.
class publisher final : private ready_handler {
 public:
  publisher(event_loop& loop, std::uint16_t port, std::size_t connections);
  publisher(const publisher&) = delete;
  publisher& operator=(const publisher&) = delete;
  ~publisher() override;

  [[nodiscard]] bool idle() const { return !free_.empty(); }
  [[nodiscard]] std::size_t in_flight() const { return connections_.size() - free_.size(); }
  // POST /microflow with this body. Only while idle().
  void post(std::string_view json);

  [[nodiscard]] std::uint64_t answered() const { return answered_; }
  // Answers that were not 201, and connections that ended.
  [[nodiscard]] std::uint64_t failed() const { return failed_; }
  // How long each answer took, in nanoseconds.
  [[nodiscard]] const std::vector<std::int64_t>& latencies() const { return latencies_; }
  void forget_latencies() { latencies_.clear(); }

 private:
  struct connection {
    int descriptor = -1;
    std::string answer;
    std::int64_t began = 0;
  };

  void on_ready(std::uint32_t tag, std::uint32_t events) override;

  event_loop& loop_;
  std::uint32_t handler_;
  std::string head_;
  std::vector<connection> connections_;
  std::vector<std::uint32_t> free_;
  std::uint64_t answered_ = 0;
  std::uint64_t failed_ = 0;
  std::vector<std::int64_t> latencies_;
  std::vector<char> buffer_;
};

// A body whose key is a GUID made of `number`.
std::string body_of(std::uint64_t number);
std::string guid_of(std::uint64_t number);

}  // namespace flowcast::bench
