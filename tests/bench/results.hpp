#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowcast::bench {

// What is measured once: `value` of `server`, with so many clients, in one of the repeats.
struct sample {
  std::string scenario;
  std::string metric;  // with its unit: "CPU µs a delivery"
  std::string server;
  std::size_t clients = 0;
  std::size_t repeat = 0;
  double value = 0;
};

double median(std::vector<double> values);
// The value below which so much of them is: 0.5, 0.99.
double quantile(std::vector<double> values, double part);

// All that was measured. Servers, metrics and numbers of clients keep the order they came in.
class results {
 public:
  void add(sample one);

  [[nodiscard]] std::vector<std::string> scenarios() const;
  [[nodiscard]] std::vector<std::string> metrics(std::string_view scenario) const;
  [[nodiscard]] std::vector<std::string> servers(std::string_view scenario,
                                                 std::string_view metric) const;
  [[nodiscard]] std::vector<std::size_t> clients(std::string_view scenario,
                                                 std::string_view metric) const;

  // Over the repeats; nullopt where it was not measured.
  [[nodiscard]] std::optional<double> median_of(std::string_view scenario, std::string_view metric,
                                                std::string_view server, std::size_t clients) const;
  // The median of `server` / `other` in the same repeat: what changes from one repeat to the next,
  // such as what else the machine does, is in both.
  [[nodiscard]] std::optional<double> ratio_of(std::string_view scenario, std::string_view metric,
                                               std::string_view server, std::string_view other,
                                               std::size_t clients) const;

  // For people: a table a scenario and metric, with what each server costs beside `other`.
  [[nodiscard]] std::string table(std::string_view other) const;
  // For programs. `machine` is a JSON object, `command` what was run, `promises` a JSON array.
  [[nodiscard]] std::string json(std::string_view machine, std::string_view command,
                                 std::string_view promises) const;

 private:
  [[nodiscard]] std::vector<const sample*> find(std::string_view scenario, std::string_view metric,
                                                std::string_view server, std::size_t clients) const;

  std::vector<sample> samples_;
};

// A number with three digits that matter.
std::string rounded(double value);

// In so many columns of a screen.
std::string left_aligned(std::string_view text, std::size_t width);
std::string right_aligned(std::string_view text, std::size_t width);

}  // namespace flowcast::bench
