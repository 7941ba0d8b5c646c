#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "records/event.hpp"
#include "stores/event_store.hpp"

namespace flowcast::stores {

// Events in memory, the newest of a log or all of it, so that what was missed of a key is found
// without walking what was not: each event knows the one before it with the same key. Not safe from
// several threads at once.
class log_tail {
 public:
  // Events with a position up to `before` are not here.
  explicit log_tail(std::uint64_t before = 0) : indexed_(before), before_(before) {}

  // At a higher position than all before it.
  void append(std::shared_ptr<const records::event> event);

  // nullptr if there is no such event here.
  [[nodiscard]] std::shared_ptr<const records::event> find(std::uint64_t position) const;

  // The first event of the service after a position; nullptr if there is none.
  [[nodiscard]] std::shared_ptr<const records::event> next_of(service_index service,
                                                              std::uint64_t after) const;

  // Takes one event out of the log.
  void erase(std::uint64_t position);

  // Lets go of the oldest events until those left weigh at most so much.
  void shrink_to(std::size_t bytes);
  void clear();

  // From which position on (exclusive) all events are here, but for erased ones.
  [[nodiscard]] std::uint64_t before() const { return before_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  // The contract's read_log, for `after` not less than before(); what was erased is not looked for.
  [[nodiscard]] log_page read(const log_read& request);

 private:
  struct entry {
    std::uint64_t position = 0;
    std::uint64_t slot = 0;                       // of its key; 0: it has none
    std::uint64_t previous = 0;                   // the one before with the same slot, or 0
    std::shared_ptr<const records::event> event;  // nullptr: erased
  };

  struct as_it_is {
    using is_avalanching = void;  // slots are hashes already
    std::size_t operator()(std::uint64_t slot) const { return slot; }
  };

  [[nodiscard]] static std::uint64_t slot_of(service_index service, std::string_view key);
  [[nodiscard]] static std::size_t weight(const records::event& event);
  [[nodiscard]] const entry* lookup(std::uint64_t position) const;
  [[nodiscard]] std::size_t index_after(std::uint64_t position) const;
  void release(entry& from);
  void pop_front();
  void index_newest();
  [[nodiscard]] log_page read_keys(const log_read& request);
  [[nodiscard]] log_page read_all(const log_read& request) const;

  std::deque<entry> entries_;
  std::uint64_t indexed_;  // position: last_ and `previous` do not know what is behind it yet
  // Slot → position of its newest event.
  boost::unordered_flat_map<std::uint64_t, std::uint64_t, as_it_is> last_;
  std::uint64_t before_;
  std::size_t bytes_ = 0;
};

}  // namespace flowcast::stores
