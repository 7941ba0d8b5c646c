#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include <boost/system/result.hpp>

#include "operations/rejections.hpp"
#include "realtime/stream.hpp"

namespace flowcast::http {

// How many connections there may be at once, in all and from one address (of IPv6: one network of
// 64 bits): those that speak HTTP, those that have become a session, and for each session that
// polls one more, because it stays where its connections go. Shared by all doors; thread-safe;
// outlives every lease.
class admission {
 public:
  // 0: no limit. The second one does not hold for this machine's own addresses.
  admission(std::size_t most, std::size_t most_from_one_address);

  // What a connection holds as long as it lasts, or the limit that leaves no room for it.
  using entry = boost::system::result<std::unique_ptr<realtime::lease>, operations::rejection>;
  [[nodiscard]] entry admit(const std::string& address);
  // A proxy's connection: counted in all alone, as its requests say whose they are.
  [[nodiscard]] entry admit_relayed();
  // Whose a relayed connection has turned out to be: counted from that address alone.
  [[nodiscard]] entry admit_client(const std::string& address);

  [[nodiscard]] std::size_t connections() const { return open_.load(std::memory_order_relaxed); }

 private:
  class place_of_client;
  class place;

  // By group of addresses, those that have connections.
  using counts = std::unordered_map<std::string, std::size_t>;

  [[nodiscard]] bool take_place();
  void leave();
  // Null: there is no limit to it.
  using group = boost::system::result<counts::value_type*, operations::rejection>;
  [[nodiscard]] group count(const std::string& address);
  void discount(counts::value_type* counted);

  const std::size_t most_;
  const std::size_t most_from_one_address_;
  std::atomic<std::size_t> open_ = 0;
  std::mutex mutex_;
  counts by_address_;
};

}  // namespace flowcast::http
