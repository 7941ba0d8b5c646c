#include "stores/idempotency_window.hpp"

#include <utility>

namespace flowcast::stores {

namespace {

std::string full_key(service_index service, const std::string& key) {
  return std::to_string(service) + ' ' + key;
}

}  // namespace

const idempotency_window::answer* idempotency_window::find(
    service_index service, const std::string& key, std::chrono::system_clock::time_point now) {
  forget_old(now);
  const auto found = answers_.find(full_key(service, key));
  return found == answers_.end() ? nullptr : &found->second;
}

void idempotency_window::remember(service_index service, const std::string& key, answer given,
                                  std::chrono::system_clock::time_point now) {
  std::string name = full_key(service, key);
  order_.push_back({now, name});
  answers_.insert_or_assign(std::move(name), std::move(given));
  forget_old(now);
}

void idempotency_window::forget_old(std::chrono::system_clock::time_point now) {
  while (!order_.empty() && (order_.front().at + window_ <= now || order_.size() > most_)) {
    answers_.erase(order_.front().key);
    order_.pop_front();
  }
}

result<written> replay(std::uint64_t body_digest, const idempotency& asked, written first) {
  if (body_digest != asked.body_digest) {
    return records::error{records::errc::conflict,
                          "The idempotency key was used with another body before: a new publish "
                          "needs a new key",
                          {},
                          {}};
  }
  first.replayed = true;
  return first;
}

}  // namespace flowcast::stores
