#include "services/lease_table.hpp"

namespace flowcast::services {

namespace {

// Holders are texts of the clients' own: a user with a token has as many as they like.
std::string owner(const std::string& user, const std::string& holder) {
  return user.empty() ? "holder " + holder : "user " + user;
}

}  // namespace

void lease_table::set(lease what) {
  if (!filled_) {
    told_.insert(what.key);
  }
  if (const auto known = leases_.find(what.key); known != leases_.end()) {
    remove(known);
  }
  by_time_.emplace(what.expires, what.key);
  ++by_owner_[owner(what.user, what.holder)];
  const std::int64_t due = what.expires;
  std::string key = what.key;
  leases_.emplace(std::move(key), entry{std::move(what), due});
}

void lease_table::erase(std::string_view key) {
  if (!filled_) {
    told_.emplace(key);
  }
  if (const auto known = leases_.find(key); known != leases_.end()) {
    remove(known);
  }
}

void lease_table::remove(entries::iterator which) {
  by_time_.erase({which->second.due, which->first});
  const lease& what = which->second.what;
  if (const auto by = by_owner_.find(owner(what.user, what.holder)); --by->second == 0) {
    by_owner_.erase(by);
  }
  leases_.erase(which);
}

void lease_table::fill(std::vector<lease> found) {
  filled_ = true;
  for (lease& each : found) {
    if (!told_.contains(each.key)) {
      set(std::move(each));
    }
  }
  told_.clear();
}

std::vector<std::string> lease_table::take_due(std::int64_t now, std::size_t most,
                                               std::int64_t repeat) {
  std::vector<std::string> keys;
  while (keys.size() < most && !by_time_.empty() && by_time_.begin()->first <= now) {
    auto due = by_time_.extract(by_time_.begin());
    keys.push_back(due.value().second);
    due.value().first = now + repeat;
    leases_.find(keys.back())->second.due = now + repeat;
    by_time_.insert(std::move(due));
  }
  return keys;
}

std::optional<std::int64_t> lease_table::next_due() const {
  return by_time_.empty() ? std::nullopt : std::optional(by_time_.begin()->first);
}

const lease* lease_table::find(std::string_view key) const {
  const auto known = leases_.find(key);
  return known == leases_.end() ? nullptr : &known->second.what;
}

std::size_t lease_table::held_by(const std::string& user, const std::string& holder) const {
  const auto known = by_owner_.find(owner(user, holder));
  return known == by_owner_.end() ? 0 : known->second;
}

}  // namespace flowcast::services
