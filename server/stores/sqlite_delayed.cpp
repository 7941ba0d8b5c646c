#include "stores/sqlite_delayed.hpp"

#include "stores/sqlite_lookup.hpp"
#include "stores/stored_time.hpp"

namespace flowcast::stores {

namespace {

delayed_record read_delayed(const sqlite_rows& rows) {
  return {rows.integer(3), rows.integer(4), rows.integer(5), sqlite_lookup::read_record(rows)};
}

}  // namespace

sqlite_delayed::sqlite_delayed(sqlite_database& database)
    : add_(database, "INSERT INTO delayed VALUES (?, ?, ?, ?, ?, ?)"),
      drop_(database, "DELETE FROM delayed WHERE due = ? AND number = ?"),
      due_(database,
           "SELECT id, key, json, due, number, service FROM delayed WHERE due <= ? ORDER BY due, "
           "number LIMIT ?"),
      at_(database, "SELECT id, key, json, due, number, service FROM delayed WHERE number = ?"),
      next_due_(database, "SELECT due FROM delayed ORDER BY due LIMIT 1"),
      lowest_(database, "SELECT ifnull(min(number), 0) FROM delayed"),
      highest_(database, "SELECT ifnull(max(number), 0) FROM delayed"),
      ids_(database, "SELECT id FROM delayed WHERE service = ?") {}

void sqlite_delayed::add(std::int64_t service, const records::record& later, std::uint64_t number,
                         time due) {
  add_.run(milliseconds_of(due), number, service, later.id.text(), later.key, later.json);
}

void sqlite_delayed::drop(const delayed_record& which) {
  drop_.run(which.due, which.number);
}

std::vector<delayed_record> sqlite_delayed::due(time now, std::size_t most) {
  std::vector<delayed_record> ready;
  sqlite_rows rows = due_.ask(milliseconds_of(now), most);
  while (rows.next()) {
    ready.push_back(read_delayed(rows));
  }
  return ready;
}

std::optional<delayed_record> sqlite_delayed::at(std::uint64_t number) {
  sqlite_rows rows = at_.ask(number);
  return rows.next() ? std::optional(read_delayed(rows)) : std::nullopt;
}

std::optional<sqlite_delayed::time> sqlite_delayed::next_due() {
  sqlite_rows rows = next_due_.ask();
  return rows.next() ? std::optional(time_of(rows.integer(0))) : std::nullopt;
}

std::uint64_t sqlite_delayed::lowest_number() {
  sqlite_rows rows = lowest_.ask();
  return rows.next() ? unsigned_of(rows.integer(0)) : 0;
}

std::uint64_t sqlite_delayed::highest_number() {
  sqlite_rows rows = highest_.ask();
  return rows.next() ? unsigned_of(rows.integer(0)) : 0;
}

}  // namespace flowcast::stores
