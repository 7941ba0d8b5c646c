#include "bench/results.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

namespace flowcast::bench {

namespace {

template <class T>
void add_once(std::vector<T>& to, const T& one) {
  if (std::find(to.begin(), to.end(), one) == to.end())
    to.push_back(one);
}

// Width on a screen: every code point of our texts is one column.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

std::string spaces(std::string_view beside, std::size_t width) {
  const std::size_t used = columns(beside);
  return std::string(width > used ? width - used : 0, ' ');
}

std::string quoted(std::string_view text) {
  std::string out(1, '"');
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out.push_back('\\');
    out.push_back(c);
  }
  return out + '"';
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty())
    return std::nan("");
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double quantile(std::vector<double> values, double part) {
  if (values.empty())
    return std::nan("");
  std::sort(values.begin(), values.end());
  const auto at = static_cast<std::size_t>(part * static_cast<double>(values.size()));
  return values[std::min(at, values.size() - 1)];
}

std::string rounded(double value) {
  const int digits =
      value == 0 ? 0
                 : std::clamp(2 - static_cast<int>(std::floor(std::log10(std::fabs(value)))), 0, 4);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

std::string left_aligned(std::string_view text, std::size_t width) {
  return std::string(text) + spaces(text, width);
}

std::string right_aligned(std::string_view text, std::size_t width) {
  return spaces(text, width) + std::string(text);
}

void results::add(sample one) {
  samples_.push_back(std::move(one));
}

std::vector<std::string> results::scenarios() const {
  std::vector<std::string> all;
  for (const sample& each : samples_)
    add_once(all, each.scenario);
  return all;
}

std::vector<std::string> results::metrics(std::string_view scenario) const {
  std::vector<std::string> all;
  for (const sample& each : samples_) {
    if (each.scenario == scenario)
      add_once(all, each.metric);
  }
  return all;
}

std::vector<std::string> results::servers(std::string_view scenario,
                                          std::string_view metric) const {
  std::vector<std::string> all;
  for (const sample& each : samples_) {
    if (each.scenario == scenario && each.metric == metric)
      add_once(all, each.server);
  }
  return all;
}

std::vector<std::size_t> results::clients(std::string_view scenario,
                                          std::string_view metric) const {
  std::vector<std::size_t> all;
  for (const sample& each : samples_) {
    if (each.scenario == scenario && each.metric == metric)
      add_once(all, each.clients);
  }
  return all;
}

std::vector<const sample*> results::find(std::string_view scenario, std::string_view metric,
                                         std::string_view server, std::size_t clients) const {
  std::vector<const sample*> found;
  for (const sample& each : samples_) {
    if (each.scenario == scenario && each.metric == metric && each.server == server &&
        each.clients == clients)
      found.push_back(&each);
  }
  return found;
}

std::optional<double> results::median_of(std::string_view scenario, std::string_view metric,
                                         std::string_view server, std::size_t clients) const {
  std::vector<double> values;
  for (const sample* each : find(scenario, metric, server, clients))
    values.push_back(each->value);
  if (values.empty())
    return std::nullopt;
  return median(values);
}

std::optional<double> results::ratio_of(std::string_view scenario, std::string_view metric,
                                        std::string_view server, std::string_view other,
                                        std::size_t clients) const {
  std::vector<double> ratios;
  for (const sample* one : find(scenario, metric, server, clients)) {
    for (const sample* beside : find(scenario, metric, other, clients)) {
      if (beside->repeat == one->repeat && beside->value > 0)
        ratios.push_back(one->value / beside->value);
    }
  }
  if (ratios.empty())
    return std::nullopt;
  return median(ratios);
}

std::string results::table(std::string_view other) const {
  constexpr std::size_t name_width = 24;
  constexpr std::size_t value_width = 16;
  std::string out;
  for (const std::string& scenario : scenarios()) {
    for (const std::string& metric : metrics(scenario)) {
      const std::vector<std::size_t> across = clients(scenario, metric);
      out += '\n' + scenario + ": " + metric + '\n' + right_aligned("clients", name_width);
      for (const std::size_t n : across)
        out += right_aligned(std::to_string(n), value_width);
      out += '\n';
      for (const std::string& server : servers(scenario, metric)) {
        out += left_aligned(server, name_width);
        for (const std::size_t n : across) {
          const std::optional<double> value = median_of(scenario, metric, server, n);
          std::string cell = value ? rounded(*value) : "-";
          const std::optional<double> ratio = ratio_of(scenario, metric, server, other, n);
          if (ratio && server != other)
            cell += " (×" + rounded(*ratio) + ')';
          out += right_aligned(cell, value_width);
        }
        out += '\n';
      }
    }
  }
  return out;
}

std::string results::json(std::string_view machine, std::string_view command,
                          std::string_view promises) const {
  std::string out = "{\n  \"command\": " + quoted(command) + ",\n  \"machine\": ";
  out.append(machine).append(",\n  \"promises\": ").append(promises);
  out += ",\n  \"results\": [";
  bool first = true;
  for (const std::string& scenario : scenarios()) {
    for (const std::string& metric : metrics(scenario)) {
      for (const std::string& server : servers(scenario, metric)) {
        for (const std::size_t n : clients(scenario, metric)) {
          const std::vector<const sample*> found = find(scenario, metric, server, n);
          if (found.empty())
            continue;
          out += first ? "\n" : ",\n";
          first = false;
          out += R"(    {"scenario": )" + quoted(scenario) + R"(, "metric": )" + quoted(metric) +
                 R"(, "server": )" + quoted(server) + R"(, "clients": )" + std::to_string(n) +
                 R"(, "median": )" + rounded(*median_of(scenario, metric, server, n)) +
                 R"(, "values": [)";
          for (const sample* each : found)
            out += (each == found.front() ? "" : ", ") + rounded(each->value);
          out += "]}";
        }
      }
    }
  }
  return out + "\n  ]\n}\n";
}

}  // namespace flowcast::bench
