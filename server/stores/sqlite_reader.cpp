#include "stores/sqlite_reader.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "stores/log_page_builder.hpp"
#include "stores/page_builder.hpp"
#include "stores/wanted_events.hpp"
#include "stores/write_plan.hpp"

namespace flowcast::stores {

using records::event;
using records::record;

// One moment of the file. What failed within it is answered by outcome_of().
class sqlite_reader::snapshot {
 public:
  explicit snapshot(sqlite_database& database) : database_(database) { database_.execute("BEGIN"); }
  snapshot(const snapshot&) = delete;
  snapshot& operator=(const snapshot&) = delete;
  ~snapshot() { database_.recover(); }

  template <class T>
  [[nodiscard]] result<T> outcome_of(T value) const {
    if (database_.failed()) {
      return database_.error();
    }
    return value;
  }

 private:
  sqlite_database& database_;
};

sqlite_reader::sqlite_reader(const std::filesystem::path& path, std::vector<std::int64_t> numbers,
                             const store_options& options)
    : options_(options),
      numbers_(std::move(numbers)),
      database_(path, sqlite_database::access::read),
      lookup_(database_),
      counts_(database_, "SELECT records, trimmed FROM services WHERE number = ?"),
      positions_(database_,
                 "SELECT position FROM events WHERE service = ? AND key = ? AND position > ? AND "
                 "position <= ? ORDER BY position LIMIT ?"),
      event_at_(database_,
                "SELECT id, key, json, position, type, service FROM events WHERE position = ?"),
      events_(database_,
              "SELECT id, key, json, position, type, service FROM events WHERE position > ? AND "
              "position <= ? ORDER BY position") {}

result<page> sqlite_reader::find(service_index service, const records::query& query) {
  const snapshot now(database_);
  const service_definition& definition = options_.services[service];
  const std::int64_t number = numbers_[service];
  page_builder found(query, definition.id_field);
  if (query.matches_all() && !query.has_sort()) {
    const std::int64_t most = query.limit.value_or(std::numeric_limits<std::int64_t>::max());
    found.pass(static_cast<std::uint64_t>(query.skip));
    for (record& each : lookup_.slice(number, query.skip, most)) {
      found.add(std::move(each));
    }
    sqlite_rows counts = counts_.ask(number);
    found.set_total(counts.next() ? static_cast<std::uint64_t>(counts.integer(0)) : 0);
    return now.outcome_of(found.finish());
  }
  lookup_.visit(number, query, definition.key_field, [&](record candidate) {
    if (query.matches(candidate)) {
      if (found.wants_next()) {
        found.add(std::move(candidate));
      } else {
        found.pass();
      }
    }
    return true;
  });
  return now.outcome_of(found.finish());
}

result<record> sqlite_reader::get(service_index service, const records::record_id& id,
                                  const records::query& query) {
  const snapshot now(database_);
  const std::int64_t number = numbers_[service];
  const std::optional<record_place> place = lookup_.place_of(number, id);
  std::optional<record> found = place ? lookup_.at(number, *place) : std::nullopt;
  if (database_.failed()) {
    return database_.error();
  }
  if (!found || !query.matches(*found)) {
    return not_found(id);
  }
  return query.select(*std::move(found), options_.services[service].id_field);
}

void sqlite_reader::checkpoint() {
  database_.checkpoint();
}

result<log_page> sqlite_reader::read_log(const log_read& request) {
  const snapshot now(database_);
  if (was_trimmed(request)) {
    return offset_gone();
  }
  const bool keys_alone = std::none_of(request.filters.begin(), request.filters.end(),
                                       [](const log_filter& filter) { return filter.whole; });
  return now.outcome_of(keys_alone ? read_keys(request) : read_all(request));
}

bool sqlite_reader::was_trimmed(const log_read& request) {
  return std::any_of(request.filters.begin(), request.filters.end(), [&](const log_filter& filter) {
    sqlite_rows counts = counts_.ask(numbers_[filter.service]);
    return counts.next() && request.after.position < static_cast<std::uint64_t>(counts.integer(1));
  });
}

log_page sqlite_reader::read_keys(const log_read& request) {
  struct found_event {
    std::uint64_t position = 0;
    service_index service = 0;
  };
  std::vector<found_event> found;
  for (const log_filter& filter : request.filters) {
    for (const std::string& key : filter.keys) {
      // Of each key at most a page, and one to know that there is more.
      sqlite_rows rows = positions_.ask(numbers_[filter.service], key, request.after.position,
                                        request.up_to, request.max_events + 1);
      while (rows.next()) {
        found.push_back({static_cast<std::uint64_t>(rows.integer(0)), filter.service});
      }
    }
  }
  const auto before = [](const found_event& a, const found_event& b) {
    return a.position < b.position;
  };
  std::sort(found.begin(), found.end(), before);
  log_page_builder page(request);
  std::uint64_t last = 0;
  for (const found_event& each : found) {
    if (each.position == std::exchange(last, each.position)) {
      continue;
    }
    sqlite_rows rows = event_at_.ask(each.position);
    if (rows.next() && !page.add(read_event(rows, each.service, request.after.epoch))) {
      return page.finish_full();
    }
  }
  return page.finish();
}

log_page sqlite_reader::read_all(const log_read& request) {
  const wanted_events wanted(request.filters);
  log_page_builder page(request);
  sqlite_rows rows = events_.ask(request.after.position, request.up_to);
  while (rows.next()) {
    const auto number = std::find(numbers_.begin(), numbers_.end(), rows.integer(5));
    const auto service = static_cast<service_index>(number - numbers_.begin());
    if (number == numbers_.end() || !wanted.contain(service, rows.text(1))) {
      continue;
    }
    if (!page.add(read_event(rows, service, request.after.epoch))) {
      return page.finish_full();
    }
  }
  return page.finish();
}

event sqlite_reader::read_event(const sqlite_rows& rows, service_index service,
                                std::uint64_t epoch) {
  event read;
  read.service = service;
  read.type = static_cast<records::event_type>(rows.integer(4));
  read.record = sqlite_lookup::read_record(rows);
  read.offset = {epoch, static_cast<std::uint64_t>(rows.integer(3))};
  return read;
}

}  // namespace flowcast::stores
