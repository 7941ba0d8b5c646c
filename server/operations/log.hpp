#pragma once

#include <atomic>
#include <chrono>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <variant>

// The story of the server, a line for each thing that happened, for the operator who reads it.
//
// Rules
//  1. A line costs its caller the formatting only: a thread of the log's own writes it.
//  2. Lines wait in a queue of bounded bytes. What does not fit is dropped and counted, and the
//     next line that fits is followed by one that says how many are missing.
//  3. At the default level no record bodies and no tokens are written.
//  4. Values come from the network: whatever they hold, a line stays one line.
namespace flowcast::operations {

// `debug` tells of every event, the others of connections, publishes and what the operator must do.
enum class severity : std::uint8_t { debug, info, warning, error };

enum class log_format : std::uint8_t { text, json };

[[nodiscard]] std::string_view to_string(severity level);
[[nodiscard]] std::optional<severity> parse_severity(std::string_view text);

// What a line says beside its message: `session=abc`, or a member of the JSON object.
class field {
 public:
  field(std::string_view name, std::string_view value) : name_(name), value_(value) {}
  field(std::string_view name, const std::string& value)
      : name_(name), value_(std::string_view(value)) {}
  field(std::string_view name, const char* value) : name_(name), value_(std::string_view(value)) {}
  template <std::integral Number>
  field(std::string_view name, Number value)
      : name_(name), value_(static_cast<std::int64_t>(value)) {}

  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] const auto& value() const { return value_; }

 private:
  std::string_view name_;
  std::variant<std::string_view, std::int64_t> value_;
};

using fields = std::initializer_list<field>;

inline constexpr int standard_error = 2;  // its descriptor

// Thread-safe.
class log {
 public:
  static constexpr std::size_t queue_limit = std::size_t{1024} * 1024;  // bytes

  // Lines of `least` and above go to `descriptor`, which stays the caller's.
  log(severity least, log_format format, int descriptor);
  // Writes what waits, unless the reader of the lines has stopped reading.
  ~log();
  log(const log&) = delete;
  log& operator=(const log&) = delete;

  [[nodiscard]] bool enabled(severity level) const {
    return level >= least_.load(std::memory_order_relaxed);
  }
  void set_least(severity least) { least_.store(least, std::memory_order_relaxed); }

  void write(severity level, std::string_view message, fields with = {});
  void debug(std::string_view message, fields with = {}) { write(severity::debug, message, with); }
  void info(std::string_view message, fields with = {}) { write(severity::info, message, with); }
  void warning(std::string_view message, fields with = {}) {
    write(severity::warning, message, with);
  }
  void error(std::string_view message, fields with = {}) { write(severity::error, message, with); }

  // Waits until what was said before is written, or so long.
  void flush(std::chrono::milliseconds longest);

  // Lines lost so far because the queue was full.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  void write_queued();
  void write_all(std::string_view text) const;
  [[nodiscard]] std::string line(severity level, std::string_view message, fields with) const;

  std::atomic<severity> least_;
  const log_format format_;
  const int descriptor_;
  std::atomic<std::uint64_t> dropped_ = 0;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable written_;
  std::string queue_;             // whole lines
  std::uint64_t unreported_ = 0;  // dropped since the last line that says so
  bool writing_ = false;          // what was taken from the queue
  std::atomic<bool> stopping_ = false;
  std::thread writer_;
};

}  // namespace flowcast::operations
