#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "stores/event_store.hpp"
#include "stores/sqlite_database.hpp"
#include "stores/sqlite_lookup.hpp"
#include "stores/store_options.hpp"

namespace flowcast::stores {

// Reads a store's file beside its writer, over a connection of its own, for one thread at a time.
// Each call sees the file as it was at one moment.
class sqlite_reader {
 public:
  // `numbers`: of the services in the file, by index. The options outlive the reader. Throws
  // std::runtime_error.
  sqlite_reader(const std::filesystem::path& path, std::vector<std::int64_t> numbers,
                const store_options& options);

  [[nodiscard]] result<page> find(service_index service, const records::query& query);
  [[nodiscard]] result<records::record> get(service_index service, const records::record_id& id,
                                            const records::query& query);
  // A request that check_log_read() let pass.
  [[nodiscard]] result<log_page> read_log(const log_read& request);

  // Copies from the WAL into the file what can be copied without disturbing anyone.
  void checkpoint();

 private:
  class snapshot;

  [[nodiscard]] bool was_trimmed(const log_read& request);
  [[nodiscard]] log_page read_keys(const log_read& request);
  [[nodiscard]] log_page read_all(const log_read& request);
  [[nodiscard]] static records::event read_event(const sqlite_rows& rows, service_index service,
                                                 std::uint64_t epoch);

  const store_options& options_;
  std::vector<std::int64_t> numbers_;
  sqlite_database database_;
  sqlite_lookup lookup_;
  sqlite_statement counts_;
  sqlite_statement positions_;
  sqlite_statement event_at_;
  sqlite_statement events_;
};

}  // namespace flowcast::stores
