#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "operations/histogram.hpp"

namespace flowcast::operations {

enum class metric_kind : std::uint8_t { counter, gauge, histogram };

struct label {
  std::string_view name;
  std::string_view value;  // any text
};
using labels = std::initializer_list<label>;

// Metrics as Prometheus reads them (text exposition format, version 0.0.4): a family with its help
// and type, then its samples.
class metric_text {
 public:
  static constexpr std::string_view media_type = "text/plain; version=0.0.4; charset=utf-8";

  // The samples that follow are of this family. Each is begun once.
  void family(std::string_view name, metric_kind kind, std::string_view help);

  void sample(std::uint64_t value) { sample({}, value); }
  void sample(labels with, std::uint64_t value);
  void sample(labels with, double value);
  void sample(labels with, const histogram_reading& value);

  // A family of one sample.
  void counter(std::string_view name, std::string_view help, std::uint64_t value);
  void gauge(std::string_view name, std::string_view help, std::uint64_t value);

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void begin_sample(std::string_view suffix, labels with, label last = {});
  void append(double value);

  std::string text_;
  std::string family_;
};

}  // namespace flowcast::operations
