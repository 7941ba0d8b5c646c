#include "app/live.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "app/clock.hpp"

namespace flowcast::demo {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr const char* machine_name = "Live.Machine";
constexpr const char* dashboard_name = "Live.Dashboard";
constexpr std::uint16_t machine_entity_number = 118;
constexpr std::uint16_t dashboard_entity_number = 119;

constexpr std::int64_t highest_rate = 1000;
constexpr std::int64_t rate_at_start = 20;
constexpr auto longest_unwatched = 60s;
constexpr auto sample_every = 500ms;
constexpr std::size_t trend_length = 60;
constexpr std::size_t most_waiting = 20;
constexpr int most_output = 100;
/// So that a pause, of the program or of the server, does not end in a burst.
constexpr auto longest_step = 250ms;

constexpr const char* names[] = {"Cutting", "Milling",  "Welding", "Coating",
                                 "Drying",  "Assembly", "Testing", "Packing"};

entity machine_entity() {
  return {.name = machine_name,
          .number = machine_entity_number,
          .attributes = {{"Name", attribute_type::string, "", {}},
                         {"Output", attribute_type::integer, 0, {}},
                         {"Changes", attribute_type::integer, 0, {}},
                         {"Trend", attribute_type::string, "", {}},
                         {"ChangedOn", attribute_type::date_time, nullptr, {}}}};
}

entity dashboard_entity() {
  return {.name = dashboard_name,
          .number = dashboard_entity_number,
          .attributes = {{"Rate", attribute_type::integer, rate_at_start, {}},
                         {"Changes", attribute_type::integer, 0, {}},
                         {"ChangesPerSecond", attribute_type::integer, 0, {}},
                         {"Refreshes", attribute_type::integer, 0, {}},
                         {"RefreshesPerSecond", attribute_type::integer, 0, {}},
                         {"Waiting", attribute_type::boolean, false, {}}}};
}

/// The last values, oldest first, separated by commas.
std::string with_latest(const std::string& trend, std::int64_t latest) {
  const auto values = std::count(trend.begin(), trend.end(), ',') + (trend.empty() ? 0 : 1);
  const bool is_full = values >= static_cast<std::ptrdiff_t>(trend_length);
  auto kept = is_full ? trend.substr(trend.find(',') + 1) : trend;
  return std::move(kept) + (kept.empty() ? "" : ",") + std::to_string(latest);
}

}  // namespace

void live::meter::sample(clock::time_point now) {
  const auto passed = std::chrono::duration<double>(now - since_).count();
  if (passed < 1) {
    return;
  }
  per_second_ =
      static_cast<std::uint64_t>(std::llround(static_cast<double>(total_ - before_) / passed));
  before_ = total_;
  since_ = now;
}

live::live(database& data, xas& runtime, const app_settings& settings)
    : data_(data), settings_(settings), chance_(1) {  // NOLINT: a demo repeats itself
  data_.add(machine_entity());
  data_.add(dashboard_entity());
  fill();
  runtime.add("Live.ACT_Dashboard_SetRate",
              [this](microflow_context& context) { return set_rate(context); });
  runtime.add("Live.ACT_Dashboard_Refresh",
              [this](microflow_context& context) { return refresh(context, machines_); });
  runtime.add("Live.ACT_Machine_Refresh",
              [this](microflow_context& context) { return refresh(context, context.parameters); });
}

void live::fill() {
  for (const char* const name : names) {
    auto machine = data_.instantiate(*data_.find_entity(machine_name));
    machine.attributes["Name"] = name;
    machine.attributes["Output"] = 40 + static_cast<int>(chance_() % 30);
    machines_.push_back(machine.id);
    data_.write(machine);
  }
  const auto dashboard = data_.instantiate(*data_.find_entity(dashboard_name));
  dashboard_ = dashboard.id;
  data_.write(dashboard);
}

bool live::is_watched(clock::time_point now) const {
  return watched_ && now - *watched_ < longest_unwatched;
}

std::vector<rest_call> live::tick(clock::time_point now, std::size_t waiting) {
  const auto passed = std::min<clock::duration>(now - now_, longest_step);
  now_ = now;
  auto dashboard = *data_.find(dashboard_);
  const bool has_to_wait = waiting >= most_waiting;
  if (dashboard.get("Waiting") != json(has_to_wait)) {
    dashboard.attributes["Waiting"] = has_to_wait;
    data_.write(dashboard);
  }
  auto records = json::array();
  if (is_watched(now) && !has_to_wait) {
    due_ += static_cast<double>(dashboard.get("Rate").get<std::int64_t>()) *
            std::chrono::duration<double>(passed).count();
    for (; due_ >= 1; --due_) {
      records.push_back(change_one());
    }
    sample(now);
  }
  if (records.empty()) {
    return {};
  }
  changes_.add(records.size());
  return {{"/" + settings_.service, std::move(records), false}};
}

/// One measurement: a machine's output wanders, and is drawn back to where it usually is.
json live::change_one() {
  auto machine = *data_.find(machines_[chance_() % machines_.size()]);
  const auto output = machine.get("Output").get<std::int64_t>();
  const auto step = static_cast<std::int64_t>(chance_() % 9) - 4 - (output - 55) / 20;
  machine.attributes["Output"] = std::clamp<std::int64_t>(output + step, 0, most_output);
  machine.attributes["Changes"] = machine.get("Changes").get<std::int64_t>() + 1;
  machine.attributes["ChangedOn"] = date_time_now();
  data_.write(machine);
  return {{"text", to_string(machine.id)}};
}

void live::sample(clock::time_point now) {
  changes_.sample(now);
  refreshes_.sample(now);
  write_dashboard();
  if (now - sampled_ < sample_every) {
    return;
  }
  sampled_ = now;
  for (const guid id : machines_) {
    auto machine = *data_.find(id);
    machine.attributes["Trend"] = with_latest(machine.get("Trend").get<std::string>(),
                                              machine.get("Output").get<std::int64_t>());
    data_.write(machine);
  }
}

void live::write_dashboard() {
  auto dashboard = *data_.find(dashboard_);
  dashboard.attributes["Changes"] = changes_.total();
  dashboard.attributes["ChangesPerSecond"] = changes_.per_second();
  dashboard.attributes["Refreshes"] = refreshes_.total();
  dashboard.attributes["RefreshesPerSecond"] = refreshes_.per_second();
  data_.write(dashboard);
}

std::optional<std::string> live::set_rate(microflow_context& context) {
  watched_ = now_;
  auto dashboard = context.find(dashboard_);
  const json& rate = dashboard->get("Rate");
  if (!rate.is_number_integer() || rate < 0 || rate > highest_rate) {
    return "the rate must be between 0 and " + std::to_string(highest_rate);
  }
  context.commit(*dashboard);
  // The other windows' sliders follow.
  context.call_in_background({"/" + settings_.service, {{"text", to_string(dashboard_)}}});
  return std::nullopt;
}

std::optional<std::string> live::refresh(microflow_context& context,
                                         const std::vector<guid>& shown) {
  watched_ = now_;
  refreshes_.add(1);
  for (const guid id : shown) {
    context.refresh_in_client(id);
  }
  context.refresh_in_client(dashboard_);
  return std::nullopt;
}

}  // namespace flowcast::demo
