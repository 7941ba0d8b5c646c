#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "app/app_settings.hpp"
#include "runtime/database.hpp"
#include "runtime/xas.hpp"

namespace flowcast::demo {

/// The module Live: machines whose figures change as often as its dashboard's slider says. It plays
/// what an app gets from outside, such as measurements that a published REST service takes in.
///
/// - `Live.ACT_Dashboard_SetRate` commits the dashboard's `Rate`, the changes a second.
/// - `Live.ACT_Dashboard_Refresh` shows all machines and the dashboard anew.
/// - `Live.ACT_Machine_Refresh` shows one machine, and the dashboard.
///
/// Nothing changes while no dashboard was shown or refreshed for a minute. One thread; it outlives
/// the runtime that has its microflows.
class live {
 public:
  using clock = std::chrono::steady_clock;

  live(database& data, xas& runtime, const app_settings& settings);
  ~live() = default;
  live(const live&) = delete;
  live& operator=(const live&) = delete;

  /// Makes the changes that are due, and returns what tells of them: one REST call for all of them.
  /// @param waiting  calls that were not answered yet; with too many of them, changes wait too
  [[nodiscard]] std::vector<rest_call> tick(clock::time_point now, std::size_t waiting);

 private:
  /// Counts what happened, by the second.
  class meter {
   public:
    void add(std::uint64_t count) { total_ += count; }
    void sample(clock::time_point now);
    [[nodiscard]] std::uint64_t total() const { return total_; }
    [[nodiscard]] std::uint64_t per_second() const { return per_second_; }

   private:
    clock::time_point since_;
    std::uint64_t total_ = 0;
    std::uint64_t before_ = 0;
    std::uint64_t per_second_ = 0;
  };

  void fill();
  [[nodiscard]] bool is_watched(clock::time_point now) const;
  [[nodiscard]] nlohmann::json change_one();
  void sample(clock::time_point now);
  void write_dashboard();
  std::optional<std::string> set_rate(microflow_context& context);
  std::optional<std::string> refresh(microflow_context& context, const std::vector<guid>& shown);

  database& data_;
  const app_settings& settings_;
  std::vector<guid> machines_;
  guid dashboard_;
  std::mt19937 chance_;
  double due_ = 0;
  clock::time_point now_;
  clock::time_point sampled_;
  std::optional<clock::time_point> watched_;
  meter changes_;
  meter refreshes_;
};

}  // namespace flowcast::demo
