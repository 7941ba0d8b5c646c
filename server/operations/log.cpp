#include "operations/log.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

#include "operations/write_some.hpp"
#include "protocol/json_writer.hpp"

namespace flowcast::operations {

namespace {

// For which the end of a log waits for who reads the lines.
constexpr auto longest_standstill = std::chrono::milliseconds(2000);

constexpr std::array<std::string_view, 4> severities = {"debug", "info", "warning", "error"};

// RFC 3339 in UTC with milliseconds.
void append_time(std::string& out) {
  namespace chrono = std::chrono;
  const auto now = chrono::floor<chrono::milliseconds>(chrono::system_clock::now());
  const auto midnight = chrono::floor<chrono::days>(now);
  const chrono::year_month_day date(midnight);
  const chrono::hh_mm_ss time(now - midnight);
  std::array<char, 40> text = {};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()));
  out += text.data();
}

bool is_plain(std::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return c > ' ' && c <= '~' && c != '"' && c != '=' && c != '\\';
  });
}

void append_value(std::string& out, const field& one, log_format format) {
  if (const auto* number = std::get_if<std::int64_t>(&one.value())) {
    out += std::to_string(*number);
    return;
  }
  const std::string_view text = std::get<std::string_view>(one.value());
  if (format == log_format::text && is_plain(text)) {
    out += text;
  } else {
    protocol::append_json_string(out, text);
  }
}

}  // namespace

std::string_view to_string(severity level) {
  return severities.at(static_cast<std::size_t>(level));
}

std::optional<severity> parse_severity(std::string_view text) {
  const auto* const found = std::find(severities.begin(), severities.end(), text);
  if (found == severities.end()) {
    return std::nullopt;
  }
  return static_cast<severity>(found - severities.begin());
}

log::log(severity least, log_format format, int descriptor)
    : least_(least),
      format_(format),
      descriptor_(descriptor),
      writer_([this] { write_queued(); }) {}

log::~log() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  writer_.join();
}

void log::write(severity level, std::string_view message, fields with) {
  if (!enabled(level)) {
    return;
  }
  const std::string text = line(level, message, with);
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() + text.size() > queue_limit) {
      ++unreported_;
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    wake = queue_.empty();
    queue_ += text;
  }
  if (wake) {
    wake_.notify_one();
  }
}

void log::flush(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  written_.wait_for(lock, longest, [this] { return queue_.empty() && !writing_; });
}

std::string log::line(severity level, std::string_view message, fields with) const {
  std::string out;
  out.reserve(160);
  if (format_ == log_format::json) {
    out += R"({"time":")";
    append_time(out);
    out += R"(","level":")";
    out += to_string(level);
    out += R"(","message":)";
    protocol::append_json_string(out, message);
    for (const field& one : with) {
      out += ',';
      protocol::append_json_string(out, one.name());
      out += ':';
      append_value(out, one, format_);
    }
    out += "}\n";
    return out;
  }
  append_time(out);
  out += ' ';
  out += to_string(level);
  out.append(8 - to_string(level).size(), ' ');
  out += message;
  for (const field& one : with) {
    out += ' ';
    out += one.name();
    out += '=';
    append_value(out, one, format_);
  }
  out += '\n';
  return out;
}

void log::write_queued() {
  std::string batch;
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) {
      return;
    }
    batch.clear();
    batch.swap(queue_);
    const std::uint64_t missing = std::exchange(unreported_, 0);
    writing_ = true;
    lock.unlock();
    if (missing > 0) {
      batch += line(severity::warning, "log lines dropped, the log is not read fast enough",
                    {{"lines", missing}});
    }
    write_all(batch);
    lock.lock();
    writing_ = false;
    written_.notify_all();
  }
}

void log::write_all(std::string_view text) const {
  while (!text.empty()) {
    const std::optional<std::size_t> taken = write_some(descriptor_, text, longest_standstill);
    if (!taken) {
      return;  // closed: there is nobody left to tell
    }
    if (*taken == 0 && stopping_) {
      return;  // nobody reads: these lines are lost, the server ends
    }
    text.remove_prefix(*taken);
  }
}

}  // namespace flowcast::operations
