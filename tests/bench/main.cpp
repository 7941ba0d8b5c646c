// Measures Flowcast beside a raw epoll loop and the servers from npm. See tests/bench/run.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/bar_chart.hpp"
#include "bench/load/event_loop.hpp"
#include "bench/promises.hpp"
#include "bench/scenarios.hpp"

namespace flowcast::bench {

const std::vector<scenario>& scenarios() {
  static const std::vector<scenario> all = {
      {"fan-out", "one publish at a time to all clients", fan_out_scenario},
      {"burst", "many publishes in flight to all clients", burst_scenario},
      {"answer", "a publisher's answer while another's event goes out", answer_scenario},
      {"targeted", "publishes that concern 3 clients of many", targeted_scenario},
      {"memory", "what idle sessions take, and give back", memory_scenario},
      {"create", "REST creates, with nobody and with 10 listening", create_scenario},
      {"durable", "creates in SQLite", durable_scenario},
      {"receipt", "from publish to receipt at a steady rate", receipt_scenario},
      {"cores", "one core and two", core_scenario},
      {"start", "from exec to listening", start_scenario},
      {"storm", "all clients come back at once", storm_scenario},
  };
  return all;
}

std::vector<contestant> taking_part(const bench_run& run, std::vector<contestant> all) {
  std::erase_if(all, [&](const contestant& who) {
    return (who.rival && !run.rivals) || (who.when_asked_for && !run.uwebsockets);
  });
  return all;
}

namespace {

std::string first_of(const char* path, std::string_view label) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(label)) {
      const std::size_t at = line.find_first_not_of(" \t", line.find(':') + 1);
      return at == std::string::npos ? "" : line.substr(at);
    }
  }
  return "unknown";
}

// What the figures depend on, as a JSON object.
std::string machine() {
  utsname system{};
  uname(&system);
  double load[1] = {};
  getloadavg(load, 1);
  const std::string memory = first_of("/proc/meminfo", "MemTotal");
  return R"({"cpu": ")" + first_of("/proc/cpuinfo", "model name") + R"(", "cores": )" +
         std::to_string(sysconf(_SC_NPROCESSORS_ONLN)) + R"(, "memory": ")" + memory +
         R"(", "kernel": ")" + system.release + R"(", "load before": )" + rounded(load[0]) + '}';
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
  std::cout << "wrote " << path << '\n';
}

void write_charts(const results& of, const std::string& folder) {
  struct chart {
    std::string_view scenario;
    std::string_view metric;
    std::string_view file;
    std::string_view title;
    bool logarithmic;
  };
  for (const chart& each : {
           chart{"fan-out", "CPU µs a delivery", "fan-out.svg", "One event to all clients", false},
           chart{"burst", "CPU µs a delivery, 16 publishes in flight", "burst.svg",
                 "A burst of events to all clients", true},
           chart{"targeted", "CPU µs a publish that concerns 3 clients", "targeted.svg",
                 "An event that concerns 3 clients", true},
           chart{"memory", "KiB an idle session with a subscription", "memory.svg",
                 "Memory of an idle session", true},
       }) {
    if (!of.servers(each.scenario, each.metric).empty()) {
      write(folder + '/' + std::string(each.file),
            bar_chart(of, each.scenario, each.metric, each.title, each.logarithmic));
    }
  }
}

struct options {
  places in;
  std::string out;
  std::size_t repeats = 3;
  bool brief = false;
  bool rivals = true;
  bool uwebsockets = false;
  std::vector<std::string> chosen;
};

int usage(std::ostream& to, int code) {
  to << "usage: flowcast-bench --binaries DIR --rivals DIR --out DIR [--repeats N] [--brief] "
        "[--uwebsockets] [SCENARIO…]\n";
  for (const scenario& each : scenarios())
    to << "  " << each.name << std::string(12 - each.name.size(), ' ') << each.about << '\n';
  return code;
}

bool read(int count, char** arguments, options& into) {
  for (int i = 1; i < count; ++i) {
    const std::string_view flag = arguments[i];
    const bool has_value = i + 1 < count;
    if (flag == "--brief") {
      into.brief = true;
      into.repeats = 1;
    } else if (flag == "--no-rivals") {
      into.rivals = false;
    } else if (flag == "--uwebsockets") {
      into.uwebsockets = true;
    } else if (flag == "--binaries" && has_value) {
      into.in.binaries = arguments[++i];
    } else if (flag == "--rivals" && has_value) {
      into.in.rivals = arguments[++i];
    } else if (flag == "--out" && has_value) {
      into.out = arguments[++i];
    } else if (flag == "--repeats" && has_value) {
      into.repeats = std::max(1UL, std::strtoul(arguments[++i], nullptr, 10));
    } else if (std::any_of(scenarios().begin(), scenarios().end(),
                           [&](const scenario& each) { return each.name == flag; })) {
      into.chosen.emplace_back(flag);
    } else {
      return false;
    }
  }
  return !into.in.binaries.empty() && !into.in.rivals.empty() && !into.out.empty();
}

int run(int count, char** arguments) {
  options with;
  if (!read(count, arguments, with))
    return usage(std::cerr, 2);
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);

  std::filesystem::create_directories(with.out);
  with.in.scratch =
      (std::filesystem::temp_directory_path() / ("flowcast-bench-" + std::to_string(getpid())))
          .string();
  std::filesystem::create_directories(with.in.scratch);
  const std::string machine_then = machine();
  std::cout << "machine: " << machine_then << '\n';

  results all;
  bench_run run{with.in, all, with.repeats, with.brief, with.rivals, with.uwebsockets};
  bool complete = true;
  for (const scenario& each : scenarios()) {
    if (!with.chosen.empty() &&
        std::find(with.chosen.begin(), with.chosen.end(), each.name) == with.chosen.end())
      continue;
    std::cout << "measuring " << each.name << ": " << each.about << std::endl;
    const std::int64_t began = now_ns();
    try {
      each.run(run);
    } catch (const std::exception& failure) {
      std::cerr << each.name << " failed: " << failure.what() << std::endl;
      complete = false;
    }
    std::cout << "  in " << rounded(static_cast<double>(now_ns() - began) / 1e9) << " s\n";
  }
  std::filesystem::remove_all(with.in.scratch);

  const std::string table = all.table("Flowcast");
  std::cout << table;
  std::string command = with.uwebsockets ? "tests/bench/run --uwebsockets" : "tests/bench/run";
  for (const std::string& each : with.chosen)
    command += ' ' + each;
  const std::vector<promise> promised = promises(all);
  if (!promised.empty())
    std::cout << promise_table(promised);
  write(with.out + "/results.json", all.json(machine_then, command, promise_json(promised)));
  write_charts(all, with.out);
  return complete ? 0 : 1;
}

}  // namespace
}  // namespace flowcast::bench

int main(int count, char** arguments) {
  try {
    return flowcast::bench::run(count, arguments);
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 1;
  }
}
