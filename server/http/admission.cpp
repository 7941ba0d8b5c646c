#include "http/admission.hpp"

#include <utility>

#include "auth/observer_access.hpp"
#include "services/client_group.hpp"

namespace flowcast::http {

class admission::place final : public realtime::lease {
 public:
  place(admission& owner, counts::value_type* counted) : owner_(owner), counted_(counted) {}
  ~place() override { owner_.leave(counted_); }
  place(const place&) = delete;
  place& operator=(const place&) = delete;

 private:
  admission& owner_;
  // A pointer to it stays true whatever else is counted. Every session has a place: it is small.
  counts::value_type* const counted_;
};

admission::admission(std::size_t most, std::size_t most_from_one_address)
    : most_(most), most_from_one_address_(most_from_one_address) {}

admission::entry admission::admit(const std::string& address) {
  if (open_.fetch_add(1, std::memory_order_relaxed) >= most_ && most_ != 0) {
    open_.fetch_sub(1, std::memory_order_relaxed);
    return operations::rejection::connections;
  }
  if (auth::is_this_machine(address) || most_from_one_address_ == 0) {
    return std::make_unique<place>(*this, nullptr);
  }
  {
    const std::lock_guard lock(mutex_);
    counts::value_type& counted = *by_address_.try_emplace(services::client_group(address)).first;
    if (counted.second < most_from_one_address_) {
      ++counted.second;
      return std::make_unique<place>(*this, &counted);
    }
  }
  open_.fetch_sub(1, std::memory_order_relaxed);
  return operations::rejection::connections_per_address;
}

void admission::leave(counts::value_type* counted) {
  open_.fetch_sub(1, std::memory_order_relaxed);
  if (counted == nullptr) {
    return;
  }
  const std::lock_guard lock(mutex_);
  if (--counted->second == 0) {
    by_address_.erase(by_address_.find(counted->first));
  }
}

}  // namespace flowcast::http
