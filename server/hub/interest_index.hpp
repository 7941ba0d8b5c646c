#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "operations/tally.hpp"
#include "records/key_patterns.hpp"
#include "stores/event_store.hpp"

namespace flowcast::hub {

class listener;
struct audience;

// A listener's part of an audience, and its place there.
struct interest {
  audience* in;
  std::uint32_t place;
};

// What one selective listener has chosen to hear. Most chose one key, which allocates nothing more.
struct interests {
  // By service: nullptr where it may hear all of one.
  using patterns = std::vector<std::shared_ptr<const records::key_patterns>>;

  listener* owner = nullptr;
  boost::container::small_vector<interest, 1> chosen;
  std::unique_ptr<patterns> allowed;  // of a service that it chose whole; nullptr: all of all
  std::uint32_t keys = 0;             // of `chosen` are keys, not whole services

  [[nodiscard]] bool may_hear(stores::service_index service, std::string_view key) const {
    return !allowed || !(*allowed)[service] || (*allowed)[service]->matches(key);
  }
};

struct audience_member {
  interests* of;
  std::uint32_t chosen_at;  // index in `of->chosen`
};

// All who chose one key of a service, or the whole of it. Dense; leaving swaps the last member in.
struct audience {
  boost::container::small_vector<audience_member, 1> members;
  stores::service_index service = 0;
  const std::string* key = nullptr;  // null: the whole service
};

// Of one service. Read from any thread.
struct interest_counts {
  operations::tally subscriptions;  // keys, and the whole, times those who chose them
  operations::tally keys;           // that anybody chose
};

// Who hears what, among a shard's selective listeners: a publish finds its audience by one look-up,
// however many listeners there are. Not thread-safe.
class interest_index {
 public:
  explicit interest_index(std::size_t services)
      : whole_(services), keyed_(services), counts_(services) {
    for (std::size_t i = 0; i < services; ++i)
      whole_[i].service = static_cast<stores::service_index>(i);
  }

  // Idempotent: false if it had been chosen before.
  bool choose_key(interests& of, stores::service_index service, std::string_view key);
  bool choose_whole(interests& of, stores::service_index service);
  // False if it had not been chosen.
  bool drop_key(interests& of, stores::service_index service, std::string_view key);
  bool drop_whole(interests& of, stores::service_index service);
  void drop_keys(interests& of, stores::service_index service);
  void drop_all(interests& of);
  // From now on `of` hears of a service what has these keys alone; nullptr: all of it. Drops what
  // it has chosen and may not hear.
  void narrow(interests& of, stores::service_index service,
              std::shared_ptr<const records::key_patterns> to);

  // nullptr: nobody.
  [[nodiscard]] const audience* of_key(stores::service_index service, std::string_view key) const;
  [[nodiscard]] const audience& of_whole(stores::service_index service) const {
    return whole_[service];
  }

  [[nodiscard]] std::size_t keys() const;
  [[nodiscard]] const std::vector<interest_counts>& counts() const { return counts_; }

  // The keys of a service that have an audience, for the status page.
  void each_key(stores::service_index service,
                const std::function<void(std::string_view key, std::size_t members)>& visit) const;

 private:
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using keyed_audiences = std::unordered_map<std::string, audience, text_hash, std::equal_to<>>;

  bool join(interests& of, audience& in);
  void leave(interests& of, std::uint32_t chosen_at);

  std::vector<audience> whole_;
  std::vector<keyed_audiences> keyed_;
  std::vector<interest_counts> counts_;  // by service
};

}  // namespace flowcast::hub
