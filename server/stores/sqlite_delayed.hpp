#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "records/record.hpp"
#include "stores/sqlite_database.hpp"

namespace flowcast::stores {

// A record that is to be created later.
struct delayed_record {
  std::int64_t due = 0;
  std::int64_t number = 0;
  std::int64_t service = 0;  // its number in the file
  records::record record;
};

// The records that wait in a store's file, by when they are due. Changed within a transaction of
// the log.
class sqlite_delayed {
 public:
  using time = std::chrono::system_clock::time_point;

  explicit sqlite_delayed(sqlite_database& database);

  void add(std::int64_t service, const records::record& later, std::uint64_t number, time due);
  void drop(const delayed_record& which);

  // In the order in which they are due.
  [[nodiscard]] std::vector<delayed_record> due(time now, std::size_t most);
  [[nodiscard]] std::optional<delayed_record> at(std::uint64_t number);
  [[nodiscard]] std::optional<time> next_due();
  // 0: none.
  [[nodiscard]] std::uint64_t lowest_number();
  [[nodiscard]] std::uint64_t highest_number();
  // Of one service.
  template <class Visit>
  void each_id(std::int64_t service, const Visit& visit) {
    sqlite_rows rows = ids_.ask(service);
    while (rows.next()) {
      visit(rows.text(0));
    }
  }

 private:
  sqlite_statement add_;
  sqlite_statement drop_;
  sqlite_statement due_;
  sqlite_statement at_;
  sqlite_statement next_due_;
  sqlite_statement lowest_;
  sqlite_statement highest_;
  sqlite_statement ids_;
};

}  // namespace flowcast::stores
