#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bench/contestant.hpp"
#include "bench/results.hpp"

namespace flowcast::bench {

// One run of the bench, handed from scenario to scenario.
struct bench_run {
  places in;
  results& into;
  std::size_t repeats = 3;
  bool brief = false;  // fewer clients and repeats: whether it works, not how fast
  bool rivals = true;  // the servers from npm too
  bool uwebsockets = false;
};

struct scenario {
  std::string_view name;
  std::string_view about;
  void (*run)(bench_run&);
};

// Those of `all` that take part in this run.
std::vector<contestant> taking_part(const bench_run& run, std::vector<contestant> all);

// Each measures its servers one after the other (core_scenario two by two, in turns), and all of
// them again for each repeat.
void fan_out_scenario(bench_run& run);
void burst_scenario(bench_run& run);
void answer_scenario(bench_run& run);
void targeted_scenario(bench_run& run);
void memory_scenario(bench_run& run);
void create_scenario(bench_run& run);
void durable_scenario(bench_run& run);
void receipt_scenario(bench_run& run);
void core_scenario(bench_run& run);
void start_scenario(bench_run& run);
void storm_scenario(bench_run& run);

const std::vector<scenario>& scenarios();

}  // namespace flowcast::bench
