#include "bench/bar_chart.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace flowcast::bench {

namespace {

constexpr double width = 760;
constexpr double left = 190;  // room for names
constexpr double right = 90;  // and for values
constexpr double bar = 18;
constexpr double between = 6;
constexpr double heading = 30;  // of a group

constexpr std::string_view ours = "Flowcast";

std::string number(double value) {
  return rounded(value);
}

std::string text(double x, double y, std::string_view words, std::string_view attributes) {
  return R"(  <text x=")" + number(x) + R"(" y=")" + number(y) + R"(" )" + std::string(attributes) +
         '>' + std::string(words) + "</text>\n";
}

// 1000 -> 1,000
std::string grouped(std::size_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

}  // namespace

std::string bar_chart(const results& of, std::string_view scenario, std::string_view metric,
                      std::string_view title, bool logarithmic) {
  const std::vector<std::string> servers = of.servers(scenario, metric);
  const std::vector<std::size_t> groups = of.clients(scenario, metric);
  double most = 0;
  double least = 1e300;
  for (const std::string& server : servers) {
    for (const std::size_t n : groups) {
      if (const std::optional<double> value = of.median_of(scenario, metric, server, n)) {
        most = std::max(most, *value);
        least = std::min(least, *value);
      }
    }
  }
  const auto length = [&](double value) {
    const double room = width - left - right;
    if (!logarithmic)
      return most > 0 ? room * value / most : 0;
    const double floor = std::floor(std::log10(std::max(least, 1e-6)));
    const double span = std::max(std::log10(std::max(most, 1e-6)) - floor, 1e-6);
    return room * std::max(0.0, std::log10(std::max(value, 1e-6)) - floor) / span;
  };

  std::string body;
  double y = 58;
  for (const std::size_t n : groups) {
    body += text(left, y + 18, grouped(n) + (n == 1 ? " client" : " clients"),
                 R"(font-weight="600" fill="#57606a")");
    y += heading;
    for (const std::string& server : servers) {
      const std::optional<double> value = of.median_of(scenario, metric, server, n);
      if (!value)
        continue;
      const double size = std::max(1.0, length(*value));
      body += text(left - 8, y + 13, server,
                   server == ours ? R"(text-anchor="end" font-weight="600" fill="#1f2328")"
                                  : R"(text-anchor="end" fill="#1f2328")");
      body += R"(  <rect x=")" + number(left) + R"(" y=")" + number(y) + R"(" width=")" +
              number(size) + R"(" height=")" + number(bar) + R"(" rx="2" fill=")" +
              (server == ours ? "#1a7f5a" : "#8c959f") + "\"/>\n";
      body += text(left + size + 6, y + 13, number(*value), R"(fill="#1f2328")");
      y += bar + between;
    }
    y += 6;
  }
  const std::string height = number(y + 14);
  return R"(<svg xmlns="http://www.w3.org/2000/svg" width="760" height=")" + height +
         R"(" viewBox="0 0 760 )" + height +
         R"(" font-family="system-ui, sans-serif" font-size="12" role="img">)" + "\n" +
         "  <title>" + std::string(title) + "</title>\n" +
         R"(  <rect width="100%" height="100%" rx="6" fill="#ffffff"/>)" + "\n" +
         text(20, 28, title, R"(font-size="16" font-weight="600" fill="#1f2328")") +
         text(20, 47,
              std::string(metric) + (logarithmic ? ", logarithmic" : "") + ": less is better",
              R"(fill="#57606a")") +
         body + "</svg>\n";
}

}  // namespace flowcast::bench
