#include "http/admission.hpp"

#include <utility>

#include "auth/observer_access.hpp"
#include "services/client_group.hpp"

namespace flowcast::http {

class admission::place final : public realtime::lease {
 public:
  place(admission& owner, std::string address) : owner_(owner), address_(std::move(address)) {}
  ~place() override { owner_.leave(address_); }
  place(const place&) = delete;
  place& operator=(const place&) = delete;

 private:
  admission& owner_;
  const std::string address_;  // empty: not counted by address
};

admission::admission(std::size_t most, std::size_t most_from_one_address)
    : most_(most), most_from_one_address_(most_from_one_address) {}

admission::entry admission::admit(const std::string& address) {
  if (open_.fetch_add(1, std::memory_order_relaxed) >= most_ && most_ != 0) {
    open_.fetch_sub(1, std::memory_order_relaxed);
    return operations::rejection::connections;
  }
  if (auth::is_this_machine(address) || most_from_one_address_ == 0) {
    return std::make_unique<place>(*this, std::string());
  }
  std::string group = services::client_group(address);
  {
    const std::lock_guard lock(mutex_);
    std::size_t& count = by_address_[group];
    if (count < most_from_one_address_) {
      ++count;
      return std::make_unique<place>(*this, std::move(group));
    }
  }
  open_.fetch_sub(1, std::memory_order_relaxed);
  return operations::rejection::connections_per_address;
}

void admission::leave(const std::string& address) {
  open_.fetch_sub(1, std::memory_order_relaxed);
  if (address.empty()) {
    return;
  }
  const std::lock_guard lock(mutex_);
  const auto found = by_address_.find(address);
  if (found != by_address_.end() && --found->second == 0) {
    by_address_.erase(found);
  }
}

}  // namespace flowcast::http
