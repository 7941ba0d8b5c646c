#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "records/event.hpp"
#include "stores/sqlite_answers.hpp"
#include "stores/sqlite_database.hpp"
#include "stores/sqlite_delayed.hpp"
#include "stores/sqlite_lookup.hpp"
#include "stores/store_options.hpp"
#include "stores/write_plan.hpp"

namespace flowcast::stores {

// The writing side of a store's file: one connection, one thread, one transaction at a time.
// Nothing is changed outside of begin() and commit(); a commit that fails has changed nothing.
class sqlite_log final : public record_source {
 public:
  using time = std::chrono::system_clock::time_point;

  // Knows the services by name from then on, whatever their order. `database` outlives the log.
  sqlite_log(sqlite_database& database, const store_options& options);
  sqlite_log(const sqlite_log&) = delete;
  sqlite_log& operator=(const sqlite_log&) = delete;
  ~sqlite_log() override;

  void begin();
  [[nodiscard]] result<void> commit();
  void roll_back();
  // Whether a commit failed so that what the file holds is not known any more, as after a failed
  // flush.
  [[nodiscard]] bool is_broken() const { return broken_; }

  bool taken(service_index service, const records::record_id& id) override;
  std::optional<records::record> current(service_index service,
                                         const records::record_id& id) override;
  std::vector<records::record> matching(service_index service, const records::query& where,
                                        std::size_t most) override;
  std::int64_t next_id(service_index service) override { return services_[service].next_id; }

  // Carries out what was planned, and adds its events.
  written apply(service_index service, write_plan plan, time now,
                std::vector<records::event>& events);
  // One change at a position that is higher than the head.
  void append(const records::event& change, time now);

  // Keeps what was planned for later; its ids are taken from now on.
  written delay(service_index service, write_plan plan, time due);
  // Creates what is due, at most `most` records.
  void deliver(time now, std::size_t most, std::vector<records::event>& events);
  [[nodiscard]] std::optional<time> next_due();

  [[nodiscard]] std::optional<kept_answer> find_answer(service_index service,
                                                       const std::string& key, time now);
  void remember(service_index service, const idempotency& once, const written& result, time now);

  // Deletes what retention does not keep, at most `most` events of each service, and answers that
  // are too old; true if more is left.
  bool trim(time now, std::size_t most);

  // For a view of a log that is kept elsewhere, where the log says what is done when.
  //
  // The position of a record's last event, or 0.
  [[nodiscard]] std::uint64_t position_of(service_index service, const records::record_id& id);
  [[nodiscard]] bool is_delayed(service_index service, const records::record_id& id) const;
  void delay(service_index service, const records::record& later, std::uint64_t number, time due);
  [[nodiscard]] std::vector<std::uint64_t> due_numbers(time now, std::size_t most);
  // Creates the delayed record of that number at a position, unless that was done before.
  void deliver(std::uint64_t number, std::uint64_t position, time now,
               std::vector<records::event>& events);
  // Through which position retention does not keep a service's events, as far as `most` of them
  // tell; 0: none.
  [[nodiscard]] std::uint64_t surplus(service_index index, time now, std::size_t most);
  void trim_through(service_index index, std::uint64_t position);
  void forget_answers(time now);
  // The oldest position that may still be asked for.
  [[nodiscard]] std::uint64_t oldest_needed();
  [[nodiscard]] std::uint64_t applied();
  void set_applied(std::uint64_t position);

  [[nodiscard]] records::offset head() const { return head_; }
  // Of each service: the last position that was trimmed, and its number in the file.
  [[nodiscard]] std::vector<std::uint64_t> trimmed() const;
  [[nodiscard]] std::vector<std::int64_t> numbers() const;
  // Of stored JSON.
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  struct service_state {
    std::int64_t number = 0;  // in the file
    std::int64_t next_id = 0;
    std::uint64_t records = 0;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    std::uint64_t trimmed = 0;
    std::uint64_t highest_number = 0;  // among ids; where it is 0, there may be one with 0 too
    std::optional<time> oldest_at;     // when its oldest event was accepted, where that is known
    bool changed = false;
    std::unordered_set<std::string> delayed;  // ids
  };

  struct old_event {
    std::uint64_t position = 0;
    time at;
    records::record_id id;
    std::uint64_t bytes = 0;
  };

  void load();
  void register_services();
  [[nodiscard]] std::vector<old_event> oldest(service_index index, std::uint64_t after,
                                              std::size_t most);
  void deliver(const delayed_record& ready, std::uint64_t position, time now,
               std::vector<records::event>& events);
  void drop(service_index index, const old_event& event);

  sqlite_database& database_;
  const store_options& options_;
  records::offset head_;
  std::vector<service_state> services_;
  std::uint64_t next_delayed_ = 0;
  bool broken_ = false;
  std::optional<sqlite_lookup> lookup_;
  std::optional<sqlite_delayed> delayed_;
  std::optional<sqlite_answers> answers_;

  struct statements;
  std::unique_ptr<statements> sql_;
};

}  // namespace flowcast::stores
