#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "stores/sqlite_database.hpp"
#include "stores/store_options.hpp"

namespace flowcast::stores {

// What a write with an idempotency key was answered.
struct kept_answer {
  std::uint64_t body_digest = 0;
  std::chrono::system_clock::time_point at;
  written result;
};

// From the columns digest, at, last, records of `answers`.
[[nodiscard]] kept_answer read_answer(const sqlite_rows& rows, const service_definition& of,
                                      std::uint64_t epoch);

// The answers that a store's file remembers by their idempotency keys, bounded in time and number.
// `service` is the number of the service in the file. Changed within a transaction of the log.
class sqlite_answers {
 public:
  using time = std::chrono::system_clock::time_point;

  sqlite_answers(sqlite_database& database, const store_options& options);

  // Counts anew what the file has, after a transaction that was undone.
  void load();
  [[nodiscard]] std::optional<kept_answer> find(std::int64_t service, const service_definition& of,
                                                std::uint64_t epoch, const std::string& key,
                                                time now);
  void remember(std::int64_t service, const idempotency& once, const written& result, time now);
  // Some of those that are too old, or too many.
  void forget(time now);

 private:
  const store_options* options_;
  std::uint64_t count_ = 0;
  sqlite_statement count_all_;
  sqlite_statement find_;
  sqlite_statement add_;
  sqlite_statement old_;
  sqlite_statement drop_;
};

}  // namespace flowcast::stores
