#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "records/event.hpp"
#include "records/record.hpp"
#include "stores/event_store.hpp"

// What a write will change, decided before anything is changed: whatever can be refused is refused
// here, and what is planned can fail only as a whole.
namespace flowcast::stores {

// A write whose documents have been read, which needs no store and is done on the caller's thread.
struct prepared_write {
  prepared_write() = default;
  prepared_write(write&& asked, std::vector<records::document>&& read, completion<written>&& then,
                 std::size_t weight)
      : request(std::move(asked)),
        documents(std::move(read)),
        done(std::move(then)),
        bytes(weight) {}

  write request;
  std::vector<records::document> documents;
  completion<written> done;
  std::size_t bytes = 0;  // what it weighs in a queue
  // For a store that repeats what did not succeed: until when.
  std::chrono::steady_clock::time_point give_up;
  bool lost_to_another = false;  // it was made from a record that another write changed first
};

// Reads the documents of a write; bad_request, and nothing taken, for what can be no write at all.
[[nodiscard]] result<prepared_write> prepare(write& request, completion<written>& done,
                                             const records::record_fields& fields);

// The records that a plan is made from, within the transaction that will carry it out.
class record_source {
 public:
  record_source() = default;
  record_source(const record_source&) = delete;
  record_source& operator=(const record_source&) = delete;
  virtual ~record_source() = default;

  // Whether no new record may have this id: there is one, or one is waiting to be delivered.
  [[nodiscard]] virtual bool taken(service_index service, const records::record_id& id) = 0;
  [[nodiscard]] virtual std::optional<records::record> current(service_index service,
                                                               const records::record_id& id) = 0;
  // In the store's order; at most `most` and one more.
  [[nodiscard]] virtual std::vector<records::record> matching(service_index service,
                                                              const records::query& where,
                                                              std::size_t most) = 0;
  // The id that the next record of the service may have; may be taken.
  [[nodiscard]] virtual std::int64_t next_id(service_index service) = 0;
};

struct planned_change {
  records::event_type type = records::event_type::created;
  records::record record;
};

struct write_plan {
  std::vector<planned_change> changes;
  std::vector<records::record>
      unchanged;                        // what the write completes with besides, without an event
  std::optional<std::int64_t> next_id;  // the service's next id from now on
  std::chrono::steady_clock::time_point received{};  // as in the write
};

[[nodiscard]] result<write_plan> plan_write(prepared_write& from,
                                            const records::record_fields& fields,
                                            std::size_t most_changes, record_source& source);

// The JSON of an id that a client gave outside of a document: a number where it is one.
[[nodiscard]] std::string id_json(const records::record_id& id);

// Gives a record the position of its event in this member, unless it has such a member.
void give_position(records::record& changed, std::string_view field, std::uint64_t position);

[[nodiscard]] records::error not_found(const records::record_id& id);
[[nodiscard]] records::error id_taken(const records::record_id& id);
// For what may succeed in a moment.
[[nodiscard]] records::error store_unavailable(std::string why);

[[nodiscard]] std::vector<records::record_fields> fields_of(
    const std::vector<service_definition>& services);

}  // namespace flowcast::stores
