#include "stores/sqlite_answers.hpp"

#include <utility>
#include <vector>

#include "protocol/json_scanner.hpp"
#include "stores/stored_time.hpp"

namespace flowcast::stores {

using records::record;
using records::record_id;

namespace {

constexpr std::size_t forgotten_at_once = 500;

std::string to_json_array(const std::vector<record>& records) {
  std::string json = "[";
  for (const record& each : records) {
    json += each.json;
    json += ',';
  }
  if (records.empty()) {
    json += ']';
  } else {
    json.back() = ']';
  }
  return json;
}

}  // namespace

sqlite_answers::sqlite_answers(sqlite_database& database, const store_options& options)
    : options_(&options),
      count_all_(database, "SELECT count(*) FROM answers"),
      find_(database,
            "SELECT digest, at, last, records FROM answers WHERE service = ? AND key = ?"),
      add_(database, "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)"),
      old_(database, "SELECT service, key, at FROM answers ORDER BY at LIMIT ?"),
      drop_(database, "DELETE FROM answers WHERE service = ? AND key = ?") {}

void sqlite_answers::load() {
  sqlite_rows rows = count_all_.ask();
  count_ = rows.next() ? unsigned_of(rows.integer(0)) : 0;
}

std::optional<kept_answer> sqlite_answers::find(std::int64_t service, const service_definition& of,
                                                std::uint64_t epoch, const std::string& key,
                                                time now) {
  sqlite_rows rows = find_.ask(service, key);
  if (!rows.next()) {
    return std::nullopt;
  }
  kept_answer found = read_answer(rows, of, epoch);
  return found.at + options_->idempotency_window > now ? std::optional(std::move(found))
                                                       : std::nullopt;
}

kept_answer read_answer(const sqlite_rows& rows, const service_definition& of,
                        std::uint64_t epoch) {
  kept_answer found;
  found.body_digest = unsigned_of(rows.integer(0));
  found.at = time_of(rows.integer(1));
  found.result.last = {epoch, unsigned_of(rows.integer(2))};
  const auto kept = protocol::scan_json(rows.text(3), protocol::highest_json_depth).value;
  for (const protocol::json_value& each : kept.elements()) {
    found.result.records.push_back(
        {record_id::from_json(each.member(of.id_field)).value_or(record_id()),
         records::key_of(each.member(of.key_field)), std::string(each.text())});
  }
  return found;
}

void sqlite_answers::remember(std::int64_t service, const idempotency& once, const written& result,
                              time now) {
  const std::string kept = to_json_array(result.records);
  add_.run(service, once.key, static_cast<std::int64_t>(once.body_digest), milliseconds_of(now),
           result.last.position, kept);
  ++count_;
}

void sqlite_answers::forget(time now) {
  if (count_ == 0) {
    return;
  }
  struct dated_key {
    std::int64_t service = 0;
    std::string key;
  };
  std::vector<dated_key> old;
  {
    const std::uint64_t too_many =
        count_ > options_->most_idempotency_keys ? count_ - options_->most_idempotency_keys : 0;
    sqlite_rows rows = old_.ask(forgotten_at_once);
    while (rows.next() && (old.size() < too_many ||
                           time_of(rows.integer(2)) + options_->idempotency_window <= now)) {
      old.push_back({rows.integer(0), std::string(rows.text(1))});
    }
  }
  for (const dated_key& each : old) {
    drop_.run(each.service, each.key);
    --count_;
  }
}

}  // namespace flowcast::stores
