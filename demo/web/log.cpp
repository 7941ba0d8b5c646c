#include "web/log.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>

namespace flowcast::demo {

void log(std::string_view line) {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm local{};
  localtime_r(&now, &local);
  char time[sizeof "00:00:00"] = {};
  std::strftime(time, sizeof time, "%H:%M:%S", &local);
  const auto text = std::string(time) + " demo: " + std::string(line) + "\n";
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace flowcast::demo
