#include "stores/sqlite_file.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>

#include <sqlite3.h>

#include "stores/fresh_epoch.hpp"

namespace flowcast::stores {

namespace {

// In the header of a SQLite file that is ours: "FLOW".
constexpr std::int64_t application_id = 0x464c4f57;

// migrations[n] takes a file from version n to n + 1. Never change one that was released: add
// another.
constexpr std::array migrations = {
    R"(CREATE TABLE log (epoch INTEGER NOT NULL);
       CREATE TABLE services (
         number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, next_id INTEGER NOT NULL,
         records INTEGER NOT NULL DEFAULT 0, events INTEGER NOT NULL DEFAULT 0,
         bytes INTEGER NOT NULL DEFAULT 0, trimmed INTEGER NOT NULL DEFAULT 0);
       CREATE TABLE events (
         position INTEGER PRIMARY KEY, service INTEGER NOT NULL, type INTEGER NOT NULL,
         at INTEGER NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL);
       CREATE INDEX events_by_key ON events (service, key);
       CREATE TABLE records (
         service INTEGER NOT NULL, place INTEGER NOT NULL, position INTEGER NOT NULL,
         PRIMARY KEY (service, place)) WITHOUT ROWID;
       CREATE TABLE names (
         service INTEGER NOT NULL, id TEXT NOT NULL, place INTEGER NOT NULL,
         PRIMARY KEY (service, id)) WITHOUT ROWID;
       CREATE TABLE delayed (
         due INTEGER NOT NULL, number INTEGER NOT NULL, service INTEGER NOT NULL, id TEXT NOT NULL,
         key TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (due, number)) WITHOUT ROWID;
       CREATE TABLE answers (
         service INTEGER NOT NULL, key TEXT NOT NULL, digest INTEGER NOT NULL, at INTEGER NOT NULL,
         last INTEGER NOT NULL, records TEXT NOT NULL, PRIMARY KEY (service, key)) WITHOUT ROWID;
       CREATE INDEX answers_by_age ON answers (at);)",
    // What a view of a log that is kept elsewhere has applied of it.
    R"(CREATE TABLE view (applied INTEGER NOT NULL);
       INSERT INTO view VALUES (0);
       CREATE INDEX delayed_by_number ON delayed (number);)",
};

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
  throw std::runtime_error("Cannot use " + path.string() + " as the store: " + why);
}

void require(const sqlite_database& database, const std::filesystem::path& path) {
  if (!database.failed()) {
    return;
  }
  switch (database.failure() & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      refuse(path,
             "it is damaged or no Flowcast store (" + database.failure_text() +
                 "). Restore it from a backup, or move it and the files beside it away to start "
                 "with an empty store");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      refuse(path, "another program has locked it (" + database.failure_text() +
                       "). Close that program and start again");
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      refuse(path, "it cannot be written (" + database.failure_text() +
                       "). Give the server's user the right to write the file and its directory");
    case SQLITE_FULL:
      refuse(path, "the disk is full. Free some space and start again");
    default:
      refuse(path, database.failure_text());
  }
}

std::int64_t read_integer(sqlite_database& database, std::string_view sql) {
  sqlite_statement statement(database, sql);
  sqlite_rows rows = statement.ask();
  return rows.next() ? rows.integer(0) : 0;
}

void migrate(sqlite_database& database, const std::filesystem::path& path) {
  database.execute("BEGIN IMMEDIATE");
  const std::int64_t version = read_integer(database, "PRAGMA user_version");
  const std::int64_t owner = read_integer(database, "PRAGMA application_id");
  const std::int64_t tables = read_integer(database, "SELECT count(*) FROM sqlite_schema");
  require(database, path);
  const bool empty = tables == 0 && version == 0;
  if (!empty && owner != application_id) {
    refuse(path, "it is a SQLite file of another program. Give another path");
  }
  if (version > static_cast<std::int64_t>(migrations.size())) {
    refuse(path,
           "it was written by a newer version of Flowcast. Install that version or a newer one");
  }
  for (auto step = static_cast<std::size_t>(version); step < migrations.size(); ++step) {
    database.execute(migrations[step]);
  }
  if (empty) {
    sqlite_statement(database, "INSERT INTO log (epoch) VALUES (?)").run(fresh_epoch());
    database.execute(("PRAGMA application_id = " + std::to_string(application_id)).c_str());
  }
  database.execute(("PRAGMA user_version = " + std::to_string(migrations.size())).c_str());
  database.execute("COMMIT");
  require(database, path);
}

}  // namespace

sqlite_database open_store_file(const std::filesystem::path& path, const char* vfs) {
  sqlite_database database(path, sqlite_database::access::write, vfs);
  // FULL: a commit is on the disk before it is answered.
  sqlite_statement(database, "PRAGMA journal_mode = WAL").run();
  database.execute(
      "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
      "PRAGMA cache_size = -8192; PRAGMA journal_size_limit = 67108864");
  require(database, path);
  migrate(database, path);
  return database;
}

void limit_file_size(sqlite_database& database, std::uint64_t bytes) {
  if (bytes == 0) {
    return;
  }
  const std::int64_t page_size = read_integer(database, "PRAGMA page_size");
  const std::uint64_t pages =
      bytes / static_cast<std::uint64_t>(std::max<std::int64_t>(page_size, 512));
  database.execute(("PRAGMA max_page_count = " + std::to_string(pages)).c_str());
}

std::uint64_t read_epoch(sqlite_database& database) {
  return static_cast<std::uint64_t>(read_integer(database, "SELECT epoch FROM log"));
}

}  // namespace flowcast::stores
