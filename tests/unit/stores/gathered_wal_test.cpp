#include "stores/gathered_wal.hpp"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "stores/sqlite_database.hpp"

namespace flowcast::stores {
namespace {

// How often this process has asked the system to write.
std::uint64_t system_writes() {
  std::ifstream io("/proc/self/io");
  std::string name;
  std::uint64_t value = 0;
  while (io >> name >> value && name != "syscw:") {
  }
  return value;
}

class gathered_wal_test : public testing::TestWithParam<const char*> {
 public:
  gathered_wal_test() {
    std::string name = (std::filesystem::temp_directory_path() / "flowcast-wal-XXXXXX").string();
    directory_ = mkdtemp(name.data());
  }
  gathered_wal_test(const gathered_wal_test&) = delete;
  gathered_wal_test& operator=(const gathered_wal_test&) = delete;
  ~gathered_wal_test() override { std::filesystem::remove_all(directory_); }

 protected:
  [[nodiscard]] sqlite_database open(const char* vfs) const {
    sqlite_database database(directory_ / "file.db", sqlite_database::access::write, vfs);
    sqlite_statement(database, "PRAGMA journal_mode = WAL").run();
    database.execute((std::string("PRAGMA synchronous = ") + GetParam()).c_str());
    database.execute("CREATE TABLE IF NOT EXISTS things (number INTEGER PRIMARY KEY, text TEXT)");
    return database;
  }

  static void add(sqlite_database& database, int count, std::size_t size = 100) {
    sqlite_statement insert(database, "INSERT INTO things (text) VALUES (?)");
    for (int i = 0; i < count; ++i) {
      insert.run(std::string(size, 'x'));
    }
  }

  static std::int64_t count(sqlite_database& database) {
    sqlite_statement statement(database, "SELECT count(*) FROM things");
    sqlite_rows rows = statement.ask();
    return rows.next() ? rows.integer(0) : -1;
  }

  static std::string check(sqlite_database& database) {
    sqlite_statement statement(database, "PRAGMA integrity_check");
    sqlite_rows rows = statement.ask();
    return rows.next() ? std::string(rows.text(0)) : database.failure_text();
  }

  static std::uint64_t writes_of_a_commit(sqlite_database& database) {
    database.execute("BEGIN");
    add(database, 300);
    const std::uint64_t before = system_writes();
    database.execute("COMMIT");
    return system_writes() - before;
  }

  std::filesystem::path directory_;
};

INSTANTIATE_TEST_SUITE_P(synchronous, gathered_wal_test, testing::Values("FULL", "NORMAL", "OFF"),
                         [](const auto& each) { return std::string(each.param); });

TEST_P(gathered_wal_test, writes_a_commit_at_once) {
  sqlite_database gathered = open(gathered_wal());
  // The first one begins the WAL, and has a sanitizer look, by writes, at what it calls.
  static_cast<void>(writes_of_a_commit(gathered));
  EXPECT_EQ(writes_of_a_commit(gathered), 1U);
  sqlite_database plain = open(nullptr);
  EXPECT_GT(writes_of_a_commit(plain), 10U) << "the test counts nothing";
}

TEST_P(gathered_wal_test, shows_others_each_commit_whole) {
  sqlite_database writer = open(gathered_wal());
  sqlite_database reader = open(nullptr);
  for (int commit = 1; commit <= 20; ++commit) {
    writer.execute("BEGIN");
    add(writer, 50);
    EXPECT_EQ(count(reader), (commit - 1) * 50);
    writer.execute("COMMIT");
    EXPECT_EQ(count(reader), commit * 50);
  }
  EXPECT_EQ(check(reader), "ok");
}

TEST_P(gathered_wal_test, reads_what_a_transaction_larger_than_its_cache_has_written) {
  sqlite_database database = open(gathered_wal());
  database.execute("PRAGMA cache_size = 10");
  for (const char* const end : {"ROLLBACK", "COMMIT"}) {
    database.execute("BEGIN");
    add(database, 300, 5000);
    EXPECT_EQ(count(database), 300);
    database.execute("UPDATE things SET text = 'y' || text");
    database.execute(end);
  }
  EXPECT_EQ(count(database), 300);
  EXPECT_EQ(check(database), "ok");
  sqlite_database other = open(nullptr);
  EXPECT_EQ(count(other), 300);
  EXPECT_EQ(check(other), "ok");
}

TEST_P(gathered_wal_test, a_copy_of_the_files_has_all_that_was_committed) {
  sqlite_database writer = open(gathered_wal());
  add(writer, 7);
  // As a kill -9 leaves them.
  for (const char* const suffix : {"", "-wal"}) {
    std::filesystem::copy((directory_ / "file.db").string() + suffix,
                          (directory_ / "copy.db").string() + suffix);
  }
  sqlite_database copy(directory_ / "copy.db", sqlite_database::access::write);
  EXPECT_EQ(count(copy), 7);
}

TEST_P(gathered_wal_test, goes_on_where_a_checkpoint_has_emptied_it) {
  sqlite_database database = open(gathered_wal());
  for (int commit = 0; commit < 5; ++commit) {
    add(database, 100);
    sqlite_statement(database, "PRAGMA wal_checkpoint(TRUNCATE)").run();
  }
  add(database, 1);
  sqlite_database other = open(nullptr);
  EXPECT_EQ(count(other), 501);
  EXPECT_EQ(check(other), "ok");
}

}  // namespace
}  // namespace flowcast::stores
