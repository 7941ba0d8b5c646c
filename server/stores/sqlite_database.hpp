#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "records/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace flowcast::stores {

// One connection to a SQLite file, for one thread at a time.
//
// The first failure sticks: from then on every statement of the connection does nothing and finds
// nothing, until recover(). So a transaction is written down as if nothing could fail, and looked
// at once, when it is committed.
class sqlite_database {
 public:
  enum class access { read, write };

  // `vfs`: how SQLite reads and writes files, by name; null is its own way. Throws
  // std::runtime_error if the file cannot be opened at all.
  sqlite_database(const std::filesystem::path& path, access mode, const char* vfs = nullptr);

  // Runs statements without parameters or rows.
  void execute(const char* sql);

  // How long the WAL was after the last commit of this connection, and copying it into the file as
  // far as readers let.
  [[nodiscard]] int wal_pages() const { return *wal_pages_; }
  void checkpoint();

  // Rows that the last statement changed.
  [[nodiscard]] int changes() const;

  [[nodiscard]] bool failed() const { return failure_ != 0; }
  // The extended result code, and what to tell of it.
  [[nodiscard]] int failure() const { return failure_; }
  [[nodiscard]] const std::string& failure_text() const { return failure_text_; }
  [[nodiscard]] bool disk_full() const;
  [[nodiscard]] bool busy() const;
  [[nodiscard]] records::error error() const;
  // Rolls back what is open and forgets the failure.
  void recover();

  [[nodiscard]] sqlite3* handle() const { return handle_.get(); }

 private:
  friend class sqlite_rows;
  friend class sqlite_statement;

  struct closer {
    void operator()(sqlite3* handle) const;
  };

  void check(int code);

  std::unique_ptr<sqlite3, closer> handle_;
  std::unique_ptr<int> wal_pages_ = std::make_unique<int>(0);  // SQLite is given its address
  int failure_ = 0;
  std::string failure_text_;
};

// The rows that a statement gives. Ends the statement when it is destroyed, which must be before
// the next use of it.
class sqlite_rows {
 public:
  explicit sqlite_rows(class sqlite_statement& of) : of_(of) {}
  sqlite_rows(const sqlite_rows&) = delete;
  sqlite_rows& operator=(const sqlite_rows&) = delete;
  ~sqlite_rows();

  // False at the end, and after a failure.
  [[nodiscard]] bool next();
  [[nodiscard]] std::int64_t integer(int column) const;
  // Until the next row.
  [[nodiscard]] std::string_view text(int column) const;

 private:
  sqlite_statement& of_;
};

// A prepared statement. Outlived by its database.
class sqlite_statement {
 public:
  sqlite_statement(sqlite_database& database, std::string_view sql);

  // Runs it with these parameters, which must stay as they are until it has run.
  template <class... Parameters>
  void run(const Parameters&... parameters) {
    sqlite_rows rows = ask(parameters...);
    while (rows.next()) {
    }
  }

  // Runs it with these parameters, which must stay as they are as long as the rows.
  template <class... Parameters>
  [[nodiscard]] sqlite_rows ask(const Parameters&... parameters) {
    int index = 0;
    (bind(++index, parameters), ...);
    return sqlite_rows(*this);
  }

 private:
  friend class sqlite_rows;

  struct finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };

  template <std::integral Number>
  void bind(int index, Number value) {
    bind_integer(index, static_cast<std::int64_t>(value));
  }
  void bind(int index, std::string_view value);
  void bind_integer(int index, std::int64_t value);

  sqlite_database& database_;
  std::unique_ptr<sqlite3_stmt, finalizer> statement_;
};

}  // namespace flowcast::stores
