#include "operations/metric_text.hpp"

#include <array>
#include <charconv>
#include <cstddef>

namespace flowcast::operations {

namespace {

constexpr std::array<std::string_view, 3> kinds = {"counter", "gauge", "histogram"};

void append_escaped(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && quotes) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

}  // namespace

void metric_text::family(std::string_view name, metric_kind kind, std::string_view help) {
  family_ = name;
  text_.append("# HELP ").append(name).push_back(' ');
  append_escaped(text_, help, false);
  text_.append("\n# TYPE ").append(name).push_back(' ');
  text_.append(kinds.at(static_cast<std::size_t>(kind))).push_back('\n');
}

void metric_text::begin_sample(std::string_view suffix, labels with, label last) {
  text_.append(family_).append(suffix);
  char before = '{';
  const auto add = [&](const label& one) {
    text_.push_back(before);
    text_.append(one.name).append("=\"");
    append_escaped(text_, one.value, true);
    text_.push_back('"');
    before = ',';
  };
  for (const label& one : with)
    add(one);
  if (!last.name.empty())
    add(last);
  text_.append(before == ',' ? "} " : " ");
}

void metric_text::append(double value) {
  std::array<char, 32> digits = {};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text_.append(digits.data(), end);
  text_.push_back('\n');
}

void metric_text::sample(labels with, std::uint64_t value) {
  begin_sample({}, with);
  text_.append(std::to_string(value)).push_back('\n');
}

void metric_text::sample(labels with, double value) {
  begin_sample({}, with);
  append(value);
}

void metric_text::sample(labels with, const histogram_reading& value) {
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < value.buckets.size(); ++i) {
    so_far += value.buckets[i];
    begin_sample("_bucket", with,
                 {"le", i < latency_bounds.size() ? latency_bounds[i].seconds : "+Inf"});
    text_.append(std::to_string(so_far)).push_back('\n');
  }
  begin_sample("_sum", with);
  append(static_cast<double>(value.nanoseconds) / 1e9);
  begin_sample("_count", with);
  text_.append(std::to_string(so_far)).push_back('\n');
}

void metric_text::counter(std::string_view name, std::string_view help, std::uint64_t value) {
  family(name, metric_kind::counter, help);
  sample(value);
}

void metric_text::gauge(std::string_view name, std::string_view help, std::uint64_t value) {
  family(name, metric_kind::gauge, help);
  sample(value);
}

}  // namespace flowcast::operations
