#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flowcast::services {

// A user as one node knows them on a key, over all their sessions there.
struct attendee {
  std::string name;
  std::int64_t since = 0;  // milliseconds since 1970
  bool editing = false;

  friend bool operator==(const attendee&, const attendee&) = default;
};

// Who is present on one key, over all nodes: users, each counted once. What can be seen of it costs
// the same for ten and for ten thousand. No IO.
class attendance {
 public:
  // `node`: whose users these are.
  void set(std::string_view node, const std::string& user, attendee as);
  void drop(std::string_view node, const std::string& user);

  [[nodiscard]] std::size_t count() const { return people_.size(); }

  // {"key":…,"count":…,"names":[…],"editing":[…]}: the first `shown` names of each, by arrival.
  [[nodiscard]] std::string to_json(std::string_view key, std::size_t shown) const;

 private:
  struct person {
    std::vector<std::pair<std::string, attendee>> on;  // by node

    [[nodiscard]] const attendee& first() const;
    [[nodiscard]] bool editing() const;
  };
  using arrivals = std::set<std::pair<std::int64_t, std::string>>;  // since, user

  void rank(const std::string& user, const person& who);
  void unrank(const std::string& user, const person& who);
  void append_names(std::string& out, const arrivals& of, std::size_t shown) const;

  std::map<std::string, person, std::less<>> people_;
  arrivals all_;
  arrivals editing_;
};

}  // namespace flowcast::services
