#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "records/query.hpp"
#include "records/record.hpp"
#include "stores/record_place.hpp"
#include "stores/sqlite_database.hpp"

namespace flowcast::stores {

// Finds records in a store's file, over one connection. `service` is the number of the service in
// the file.
class sqlite_lookup {
 public:
  explicit sqlite_lookup(sqlite_database& database);

  [[nodiscard]] std::optional<record_place> place_of(std::int64_t service,
                                                     const records::record_id& id);
  [[nodiscard]] bool exists(std::int64_t service, record_place place);
  // Of the last event of the record there; 0 if there is none.
  [[nodiscard]] std::uint64_t position_at(std::int64_t service, record_place place);
  [[nodiscard]] std::optional<records::record> at(std::int64_t service, record_place place);

  // Shows the records that may match, in order, until `visit` gives false: all of the service, or,
  // where the query asks for a key, those with it and those with none.
  template <class Visit>
  void visit(std::int64_t service, const records::query& query, std::string_view key_field,
             const Visit& visit) {
    const auto keys = query.possible_keys(key_field);
    if (!keys) {
      sqlite_rows rows = all_.ask(service);
      while (rows.next() && visit(read_record(rows))) {
      }
      return;
    }
    for (const record_place place : places_with(service, *keys)) {
      std::optional<records::record> found = at(service, place);
      if (found && !visit(*std::move(found))) {
        return;
      }
    }
  }

  // Matching records in order, at most `most` and one more.
  [[nodiscard]] std::vector<records::record> matching(std::int64_t service,
                                                      const records::query& where,
                                                      std::string_view key_field, std::size_t most);

  // Records from the `skip`th on, at most `most`.
  [[nodiscard]] std::vector<records::record> slice(std::int64_t service, std::int64_t skip,
                                                   std::int64_t most);

  // The record in columns 0 to 2: id, key, json.
  [[nodiscard]] static records::record read_record(const sqlite_rows& rows);

 private:
  [[nodiscard]] std::vector<record_place> places_with(std::int64_t service,
                                                      const std::vector<std::string>& keys);

  sqlite_statement place_of_name_;
  sqlite_statement position_;
  sqlite_statement at_;
  sqlite_statement all_;
  sqlite_statement slice_;
  sqlite_statement with_key_;
};

}  // namespace flowcast::stores
