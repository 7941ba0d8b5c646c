#include "http/admission.hpp"

#include <utility>

#include "auth/observer_access.hpp"
#include "services/client_group.hpp"

namespace flowcast::http {

// Counted from its address alone.
class admission::place_of_client : public realtime::lease {
 public:
  place_of_client(admission& owner, counts::value_type* counted)
      : owner_(owner), counted_(counted) {}
  ~place_of_client() override { owner_.discount(counted_); }
  place_of_client(const place_of_client&) = delete;
  place_of_client& operator=(const place_of_client&) = delete;

 protected:
  [[nodiscard]] admission& owner() const { return owner_; }

 private:
  admission& owner_;
  // A pointer to it stays true whatever else is counted. Every session has a place: it is small.
  counts::value_type* const counted_;
};

// Counted in all, too.
class admission::place final : public place_of_client {
 public:
  using place_of_client::place_of_client;
  ~place() override { owner().leave(); }
  place(const place&) = delete;
  place& operator=(const place&) = delete;
};

admission::admission(std::size_t most, std::size_t most_from_one_address)
    : most_(most), most_from_one_address_(most_from_one_address) {}

admission::entry admission::admit(const std::string& address) {
  if (!take_place()) {
    return operations::rejection::connections;
  }
  const group from = count(address);
  if (!from) {
    leave();
    return from.error();
  }
  return std::make_unique<place>(*this, *from);
}

admission::entry admission::admit_relayed() {
  if (!take_place()) {
    return operations::rejection::connections;
  }
  return std::make_unique<place>(*this, nullptr);
}

admission::entry admission::admit_client(const std::string& address) {
  const group from = count(address);
  if (!from) {
    return from.error();
  }
  return std::make_unique<place_of_client>(*this, *from);
}

bool admission::take_place() {
  if (open_.fetch_add(1, std::memory_order_relaxed) >= most_ && most_ != 0) {
    leave();
    return false;
  }
  return true;
}

void admission::leave() {
  open_.fetch_sub(1, std::memory_order_relaxed);
}

admission::group admission::count(const std::string& address) {
  if (auth::is_this_machine(address) || most_from_one_address_ == 0) {
    return nullptr;
  }
  const std::lock_guard lock(mutex_);
  counts::value_type& from = *by_address_.try_emplace(services::client_group(address)).first;
  if (from.second == most_from_one_address_) {
    return operations::rejection::connections_per_address;
  }
  ++from.second;
  return &from;
}

void admission::discount(counts::value_type* counted) {
  if (counted == nullptr) {
    return;
  }
  const std::lock_guard lock(mutex_);
  if (--counted->second == 0) {
    by_address_.erase(by_address_.find(counted->first));
  }
}

}  // namespace flowcast::http
