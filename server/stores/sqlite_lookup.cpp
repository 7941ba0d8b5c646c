#include "stores/sqlite_lookup.hpp"

#include <algorithm>
#include <utility>

namespace flowcast::stores {

using records::record;
using records::record_id;

sqlite_lookup::sqlite_lookup(sqlite_database& database)
    : place_of_name_(database, "SELECT place FROM names WHERE service = ? AND id = ?"),
      position_(database, "SELECT position FROM records WHERE service = ? AND place = ?"),
      at_(database,
          "SELECT e.id, e.key, e.json FROM records r JOIN events e ON e.position = r.position "
          "WHERE r.service = ? AND r.place = ?"),
      all_(database,
           "SELECT e.id, e.key, e.json FROM records r CROSS JOIN events e ON e.position = "
           "r.position WHERE r.service = ? ORDER BY r.place"),
      slice_(database,
             "SELECT e.id, e.key, e.json FROM (SELECT place, position FROM records WHERE service = "
             "? ORDER BY place LIMIT ? OFFSET ?) r CROSS JOIN events e ON e.position = r.position "
             "ORDER BY r.place"),
      with_key_(database, "SELECT position, id FROM events WHERE service = ? AND key = ?") {}

std::optional<record_place> sqlite_lookup::place_of(std::int64_t service, const record_id& id) {
  if (const std::optional<record_place> numbered = numbered_place(id)) {
    return exists(service, *numbered) ? numbered : std::nullopt;
  }
  sqlite_rows rows = place_of_name_.ask(service, id.text());
  return rows.next() ? std::optional(static_cast<record_place>(rows.integer(0))) : std::nullopt;
}

bool sqlite_lookup::exists(std::int64_t service, record_place place) {
  return position_.ask(service, place).next();
}

std::uint64_t sqlite_lookup::position_at(std::int64_t service, record_place place) {
  sqlite_rows rows = position_.ask(service, place);
  return rows.next() ? static_cast<std::uint64_t>(rows.integer(0)) : 0;
}

std::optional<record> sqlite_lookup::at(std::int64_t service, record_place place) {
  sqlite_rows rows = at_.ask(service, place);
  return rows.next() ? std::optional(read_record(rows)) : std::nullopt;
}

std::vector<record> sqlite_lookup::matching(std::int64_t service, const records::query& where,
                                            std::string_view key_field, std::size_t most) {
  std::vector<record> found;
  visit(service, where, key_field, [&](record candidate) {
    if (where.matches(candidate)) {
      found.push_back(std::move(candidate));
    }
    return found.size() <= most;
  });
  return found;
}

std::vector<record> sqlite_lookup::slice(std::int64_t service, std::int64_t skip,
                                         std::int64_t most) {
  std::vector<record> found;
  sqlite_rows rows = slice_.ask(service, most, skip);
  while (rows.next()) {
    found.push_back(read_record(rows));
  }
  return found;
}

record sqlite_lookup::read_record(const sqlite_rows& rows) {
  return {record_id::from_text(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2))};
}

std::vector<record_place> sqlite_lookup::places_with(std::int64_t service,
                                                     const std::vector<std::string>& keys) {
  std::vector<std::string> wanted = keys;
  wanted.emplace_back();
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::vector<record_place> places;
  for (const std::string& key : wanted) {
    sqlite_rows rows = with_key_.ask(service, key);
    while (rows.next()) {
      const std::int64_t position = rows.integer(0);
      const record_id id = record_id::from_text(rows.text(1));
      std::optional<record_place> place = numbered_place(id);
      if (!place) {
        place = place_of(service, id);
      }
      // An event that is not its record's last tells of a key that the record had.
      sqlite_rows current = position_.ask(service, place.value_or(0));
      if (place && current.next() && current.integer(0) == position) {
        places.push_back(*place);
      }
    }
  }
  std::sort(places.begin(), places.end());
  return places;
}

}  // namespace flowcast::stores
