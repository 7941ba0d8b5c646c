#include "stores/nats_upkeep.hpp"

#include <utility>

#include "stores/stored_time.hpp"

namespace flowcast::stores {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_delivered_at_once = 512;
constexpr std::size_t most_trimmed_at_once = 2000;
constexpr auto repeat_request = 3s;
constexpr std::uint64_t sequences_between_purges = 10'000;

}  // namespace

// Asks for what any node may ask for; all who do at one time are one message.
void nats_upkeep::ask(log_message message, const std::string& name) {
  const steady_time now = std::chrono::steady_clock::now();
  steady_time& asked = asked_[name];
  if (now - asked < repeat_request) {
    return;
  }
  asked = now;
  message.writer = "log.0";
  message.at = milliseconds_of(options_->now());
  if (!link_->publish(to_json(message), name)) {
    asked = {};
  }
}

void nats_upkeep::look(sqlite_log& log) {
  const auto now = options_->now();
  for (const std::uint64_t number : log.due_numbers(now, most_delivered_at_once)) {
    log_message message;
    message.deliver = number;
    ask(std::move(message), "due." + std::to_string(number));
  }
  for (std::size_t i = 0; i < options_->services.size(); ++i) {
    const auto service = static_cast<service_index>(i);
    const std::uint64_t through = log.surplus(service, now, most_trimmed_at_once);
    if (through != 0) {
      log_message message;
      message.service = options_->services[i].name;
      message.trim = through;
      ask(std::move(message), "trim " + options_->services[i].name + "." + std::to_string(through));
    }
  }
  const steady_time steady_now = std::chrono::steady_clock::now();
  std::erase_if(asked_,
                [&](const auto& each) { return steady_now - each.second > repeat_request; });
  const std::uint64_t oldest = sequence_of(log.oldest_needed());
  if (oldest > purged_ + sequences_between_purges) {
    purged_ = oldest;
    link_->purge_before(oldest);
  }
}

}  // namespace flowcast::stores
