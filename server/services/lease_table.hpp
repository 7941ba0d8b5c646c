#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "services/lease.hpp"

namespace flowcast::services {

// All leases as the log's events tell them, and when the next of them is to be looked at. Times in
// milliseconds since 1970. Not thread-safe.
//
// What it says when is a reminder alone: the store decides whether a lease has expired.
class lease_table {
 public:
  // A lease was made or changed, as an event said.
  void set(lease what);
  void erase(std::string_view key);

  // Leases as a search found them, which began after the first event was heard: where an event told
  // something of a key, that is younger.
  void fill(std::vector<lease> found);

  // Keys of leases that are due, at most so many; each of them is due again `repeat` later, unless
  // an event says otherwise.
  [[nodiscard]] std::vector<std::string> take_due(std::int64_t now, std::size_t most,
                                                  std::int64_t repeat);
  [[nodiscard]] std::optional<std::int64_t> next_due() const;

  [[nodiscard]] const lease* find(std::string_view key) const;
  [[nodiscard]] std::size_t size() const { return leases_.size(); }
  // By this user, or where that is empty, by this holder.
  [[nodiscard]] std::size_t held_by(const std::string& user, const std::string& holder) const;

 private:
  struct entry {
    lease what;
    std::int64_t due = 0;
  };
  using entries = std::map<std::string, entry, std::less<>>;

  void remove(entries::iterator which);

  entries leases_;
  std::set<std::pair<std::int64_t, std::string>> by_time_;
  std::unordered_map<std::string, std::size_t> by_owner_;
  std::set<std::string, std::less<>> told_;  // keys of which events told before fill()
  bool filled_ = false;
};

}  // namespace flowcast::services
