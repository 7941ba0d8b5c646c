#include "bench/sqlite_floor.hpp"

#include <cstdint>

#include "bench/load/event_loop.hpp"
#include "bench/load/publisher.hpp"
#include "stores/sqlite_file.hpp"

namespace flowcast::bench {

double sqlite_floor(const std::string& path, std::size_t together, double seconds) {
  // The store's settings and tables, and SQLite's own way with files.
  stores::sqlite_database database = stores::open_store_file(path, nullptr);
  stores::sqlite_statement service(database, "INSERT INTO services (name, next_id) VALUES (?, ?)");
  service.run("microflow", 1);
  stores::sqlite_statement event(database, "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)");
  stores::sqlite_statement record(database, "INSERT INTO records VALUES (?, ?, ?)");
  stores::sqlite_statement counts(
      database,
      "UPDATE services SET next_id = ?, records = ?, events = ?, bytes = ? WHERE number = 1");
  std::int64_t position = 0;
  const std::int64_t began = now_ns();
  const std::int64_t end = began + static_cast<std::int64_t>(seconds * 1e9);
  while (now_ns() < end) {
    database.execute("BEGIN IMMEDIATE");
    for (std::size_t i = 0; i < together; ++i) {
      ++position;
      const std::string key = guid_of(static_cast<std::uint64_t>(position));
      const std::string json = R"({"text":")" + key + R"(","id":)" + std::to_string(position) + '}';
      event.run(position, 1, 0, now_ns() / 1'000'000, std::to_string(position), key, json);
      record.run(1, position, position);
    }
    counts.run(position + 1, position, position, position * 60);
    database.execute("COMMIT");
  }
  return static_cast<double>(position) / static_cast<double>(now_ns() - began) * 1e9;
}

}  // namespace flowcast::bench
