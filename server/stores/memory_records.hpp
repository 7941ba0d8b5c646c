#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "records/record.hpp"
#include "stores/log_tail.hpp"
#include "stores/record_place.hpp"
#include "stores/store_options.hpp"
#include "stores/write_plan.hpp"

namespace flowcast::stores {

// The records and the whole log of a memory store. A record is where its last event is: only places
// are kept of it. Not safe from several threads at once.
class memory_records final : public record_source {
 public:
  memory_records(const std::vector<service_definition>& services, std::uint64_t epoch);

  bool taken(service_index service, const records::record_id& id) override;
  std::optional<records::record> current(service_index service,
                                         const records::record_id& id) override;
  std::vector<records::record> matching(service_index service, const records::query& where,
                                        std::size_t most) override;
  std::int64_t next_id(service_index service) override { return services_[service].next_id; }

  // Carries out what was planned for a service. Its events are part of the log from the next
  // publish() on, which gives all that are new; nullptr if there are none.
  written apply(service_index service, write_plan plan, std::int64_t now_seconds);
  [[nodiscard]] std::shared_ptr<const std::vector<records::event>> publish();

  // An id that a delayed write will use is taken from now on.
  void reserve(service_index service, const records::record_id& id, std::int64_t next_id);
  void unreserve(service_index service, const records::record_id& id);

  // Trims what the retention of each service does not keep; `now_seconds` is what events are dated
  // by.
  void trim(const std::vector<service_definition>& services, std::int64_t now_seconds);

  // Shows records from the place `from` on, in order, at most so many; gives the place to go on
  // from, if there is more. `visit` returns false to end it.
  template <class Visit>
  [[nodiscard]] std::optional<record_place> scan(service_index service, record_place from,
                                                 std::size_t most, const Visit& visit) const {
    const auto& positions = services_[service].positions;
    auto at = positions.lower_bound(from);
    for (; at != positions.end() && most > 0; ++at, --most) {
      if (!visit(event_at(at->second)->record)) {
        return std::nullopt;
      }
    }
    return at == positions.end() ? std::nullopt : std::optional(at->first);
  }
  [[nodiscard]] std::size_t count(service_index service) const {
    return services_[service].positions.size();
  }

  // The last position that was trimmed of a service.
  [[nodiscard]] std::uint64_t trimmed(service_index service) const {
    return services_[service].trimmed;
  }
  [[nodiscard]] const log_tail& log() const { return log_; }
  [[nodiscard]] log_page read_log(const log_read& request) { return log_.read(request); }
  // Of all that was applied.
  [[nodiscard]] records::offset head() const { return head_; }

 private:
  struct dated {
    std::uint64_t position = 0;
    std::int64_t seconds = 0;
  };
  struct service_state {
    std::int64_t next_id = 0;
    std::string position_field;
    std::map<record_place, std::uint64_t> positions;  // place → position of the last event
    std::unordered_map<records::record_id, record_place> named;  // ids that are no numbers
    std::unordered_set<records::record_id> reserved;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    std::uint64_t trimmed = 0;
  };

  [[nodiscard]] static std::optional<record_place> place_of(const service_state& service,
                                                            const records::record_id& id) {
    return place_of(service, id, numbered_place(id));
  }
  [[nodiscard]] static std::optional<record_place> place_of(
      const service_state& service, const records::record_id& id,
      const std::optional<record_place>& numbered);
  [[nodiscard]] const records::event* event_at(std::uint64_t position) const;
  [[nodiscard]] static bool has_too_much(const service_state& service, const retention& keep) {
    return (keep.max_events != 0 && service.events > keep.max_events) ||
           (keep.max_bytes != 0 && service.bytes > keep.max_bytes);
  }
  void trim(service_index index, const retention& keep, std::int64_t now_seconds);

  std::vector<service_state> services_;
  log_tail log_;
  std::vector<records::event> pending_;  // applied, not yet published
  records::offset head_;
  std::deque<dated> dates_;  // the second that each run of positions began
};

}  // namespace flowcast::stores
