#include "stores/sqlite_database.hpp"

#include <stdexcept>

#include <sqlite3.h>

namespace flowcast::stores {

void sqlite_database::closer::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

void sqlite_statement::finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

sqlite_database::sqlite_database(const std::filesystem::path& path, access mode, const char* vfs) {
  sqlite3* opened = nullptr;
  // Readers too must be able to write the file beside a WAL that says who reads.
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (mode == access::write ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(path.c_str(), &opened, flags, vfs);
  handle_.reset(opened);
  if (code != SQLITE_OK) {
    throw std::runtime_error("Cannot open the store " + path.string() + ": " +
                             (opened == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(opened)));
  }
  sqlite3_busy_timeout(opened, 5000);
  if (mode == access::read) {
    execute("PRAGMA query_only = 1");
  }
  sqlite3_wal_hook(
      opened,
      [](void* pages, sqlite3* /*handle*/, const char* /*schema*/, int now) {
        *static_cast<int*>(pages) = now;
        return SQLITE_OK;
      },
      wal_pages_.get());
}

void sqlite_database::execute(const char* sql) {
  if (!failed()) {
    check(sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr));
  }
}

void sqlite_database::checkpoint() {
  // Whatever hinders it now, the next one copies as well.
  static_cast<void>(
      sqlite3_wal_checkpoint_v2(handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr));
}

int sqlite_database::changes() const {
  return sqlite3_changes(handle());
}

bool sqlite_database::disk_full() const {
  return (failure_ & 0xff) == SQLITE_FULL;
}

bool sqlite_database::busy() const {
  return (failure_ & 0xff) == SQLITE_BUSY;
}

records::error sqlite_database::error() const {
  if (disk_full()) {
    return {records::errc::insufficient_storage,
            "The server has no room to store this: free space on its disk, raise the store's size "
            "limit or keep less, then repeat it",
            {},
            std::chrono::seconds(30)};
  }
  return {records::errc::unavailable,
          "The store failed: " + failure_text_,
          {},
          std::chrono::seconds(5)};
}

void sqlite_database::recover() {
  failure_ = 0;
  failure_text_.clear();
  if (sqlite3_get_autocommit(handle()) == 0) {
    execute("ROLLBACK");
  }
}

void sqlite_database::check(int code) {
  if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE && !failed()) {
    failure_ = code;
    failure_text_ = sqlite3_errmsg(handle());
  }
}

sqlite_rows::~sqlite_rows() {
  sqlite3_reset(of_.statement_.get());
}

bool sqlite_rows::next() {
  if (of_.database_.failed()) {
    return false;
  }
  const int code = sqlite3_step(of_.statement_.get());
  of_.database_.check(code);
  return code == SQLITE_ROW;
}

std::int64_t sqlite_rows::integer(int column) const {
  return sqlite3_column_int64(of_.statement_.get(), column);
}

std::string_view sqlite_rows::text(int column) const {
  sqlite3_stmt* const statement = of_.statement_.get();
  const void* const bytes = sqlite3_column_blob(statement, column);
  const int size = sqlite3_column_bytes(statement, column);
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

sqlite_statement::sqlite_statement(sqlite_database& database, std::string_view sql)
    : database_(database) {
  sqlite3_stmt* prepared = nullptr;
  if (!database.failed()) {
    database.check(sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &prepared, nullptr));
  }
  statement_.reset(prepared);
}

void sqlite_statement::bind(int index, std::string_view value) {
  if (!database_.failed()) {
    database_.check(sqlite3_bind_text64(statement_.get(), index,
                                        value.data() == nullptr ? "" : value.data(), value.size(),
                                        SQLITE_STATIC, SQLITE_UTF8));
  }
}

void sqlite_statement::bind_integer(int index, std::int64_t value) {
  if (!database_.failed()) {
    database_.check(sqlite3_bind_int64(statement_.get(), index, value));
  }
}

}  // namespace flowcast::stores
