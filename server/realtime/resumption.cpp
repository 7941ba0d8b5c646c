#include "realtime/resumption.hpp"

#include <string>
#include <utility>

namespace flowcast::realtime {

resumption::resumption(client_context& context, const hub::listener& listener, recovery_token token)
    : context_(context), listener_(listener), token_(std::move(token)) {}

resumption::~resumption() {
  if (is_remembered_)
    context_.resumable.left(token_.text());
}

resumable_sessions::memory resumption::come_back(resumable_sessions::place here) {
  const std::string pid = token_.text();
  resumable_sessions::memory known = context_.resumable.recall(pid);
  context_.resumable.came_back(pid, here);
  is_remembered_ = true;
  return known;
}

void resumption::remember() {
  if (std::exchange(is_remembered_, true))
    return;
  const std::string pid = token_.text();
  context_.resumable.arrived(pid);
  context_.fans.each_interest(
      listener_, [&](stores::service_index service, const std::string* key) {
        context_.resumable.subscribed(
            pid, {service, key != nullptr ? *key : std::string(resumable_sessions::whole)});
        return true;
      });
}

void resumption::remember(const subscription_wish& change, bool subscribe) {
  if (!is_remembered_) {
    remember();
    return;
  }
  const std::string pid = token_.text();
  const services::service_index of = change.of->index();
  const auto note = [&](std::string key) {
    if (subscribe) {
      context_.resumable.subscribed(pid, {of, std::move(key)});
    } else {
      context_.resumable.unsubscribed(pid, {of, std::move(key)});
    }
  };
  if (change.whole)
    note(std::string(resumable_sessions::whole));
  for (const std::string& key : change.keys)
    note(key);
}

}  // namespace flowcast::realtime
