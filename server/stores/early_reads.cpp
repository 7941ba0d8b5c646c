#include "stores/early_reads.hpp"

#include <algorithm>
#include <utility>

#include "stores/nats_message.hpp"

namespace flowcast::stores {

namespace {

constexpr auto patience_with_view = std::chrono::seconds(5);  // until it is where another node was

}  // namespace

bool early_reads::add(log_read& request, completion<log_page>& done) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() >= most_) {
    return false;
  }
  waiting_.push_back(
      {std::move(request), std::move(done), std::chrono::steady_clock::now() + patience_with_view});
  return true;
}

bool early_reads::any_unknown() {
  const std::lock_guard lock(mutex_);
  return std::any_of(waiting_.begin(), waiting_.end(),
                     [](const early_read& each) { return !each.known; });
}

void early_reads::answer(std::uint64_t head, std::uint64_t stream_has, bool stopping) {
  std::vector<early_read> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(waiting_);
  }
  const auto now = std::chrono::steady_clock::now();
  for (early_read& each : taken) {
    const std::uint64_t position = each.request.after.position;
    each.known = each.known || sequence_of(position) <= stream_has;
    const bool made_up = stream_has != 0 && !each.known;
    if (position <= head || made_up || stopping || now >= each.give_up) {
      read_(std::move(each.request), each.done);
    } else {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(each));
    }
  }
}

}  // namespace flowcast::stores
