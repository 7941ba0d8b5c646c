#include "services/publish_rate.hpp"

#include <algorithm>
#include <cmath>

#include "services/client_group.hpp"

namespace flowcast::services {

namespace {

double seconds(publish_rate::clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

publish_rate::publish_rate(double a_second) : a_second_(a_second), most_(std::max(1.0, a_second)) {}

std::optional<records::error> publish_rate::refuse(const std::string& address) {
  if (!limits()) {
    return std::nullopt;
  }
  const std::chrono::seconds wait = take(client_group(address), clock::now());
  if (wait.count() == 0) {
    return std::nullopt;
  }
  const std::string seconds = std::to_string(wait.count());
  return records::error{records::errc::too_many_requests,
                        "too many publishes from your address: come back in " + seconds + " s",
                        R"({"retryAfter":)" + seconds + "}", wait};
}

std::chrono::seconds publish_rate::take(const std::string& address, clock::time_point now) {
  if (!limits()) {
    return std::chrono::seconds(0);
  }
  const std::lock_guard lock(mutex_);
  const auto [found, is_new] = buckets_.try_emplace(address, bucket{most_, now});
  bucket& own = found->second;
  own.tokens = std::min(most_, own.tokens + seconds(now - own.at) * a_second_);
  own.at = now;
  if (own.tokens < 1) {
    const double wait = (1 - own.tokens) / a_second_;
    return std::chrono::seconds(std::max<std::int64_t>(1, std::llround(std::ceil(wait))));
  }
  own.tokens -= 1;
  if (is_new && buckets_.size() > forget_at_) {
    forget_full(now);
  }
  return std::chrono::seconds(0);
}

void publish_rate::forget_full(clock::time_point now) {
  // A full bucket says as much as none.
  std::erase_if(buckets_, [&](const auto& one) {
    return one.second.tokens + seconds(now - one.second.at) * a_second_ >= most_;
  });
  forget_at_ = std::max<std::size_t>(1024, 2 * buckets_.size());
}

}  // namespace flowcast::services
