#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "records/event.hpp"
#include "stores/file_lock.hpp"
#include "stores/nats_message.hpp"
#include "stores/sqlite_database.hpp"
#include "stores/sqlite_log.hpp"
#include "stores/store_options.hpp"

namespace flowcast::stores {

// What applying a message came to.
struct applied_message {
  enum class outcome { done, superseded, repeated };

  std::string writer;
  outcome what = outcome::done;
  written result;  // done
};

// This node's view of the stream: its records and log in the schema of the embedded store. It can
// be made anew from the stream at any time, and so need not survive the machine. One thread.
class nats_view {
 public:
  // Opens the view, or makes it anew where it is missing, damaged, of another stream or of other
  // services, or where the stream does not reach back to it. `first` and `last`: the stream's
  // sequences. Throws std::runtime_error.
  nats_view(const std::filesystem::path& path, const store_options& options, std::uint64_t epoch,
            std::uint64_t first, std::uint64_t last);

  void begin() { log_.begin(); }
  // The next message, within begin() and commit(); its events are added. Sequences only grow.
  [[nodiscard]] applied_message apply(std::uint64_t sequence, std::string_view json,
                                      std::vector<records::event>& events);
  [[nodiscard]] result<void> commit();

  // The sequence of the last message that was applied.
  [[nodiscard]] std::uint64_t applied() const { return applied_; }
  [[nodiscard]] sqlite_log& log() { return log_; }
  [[nodiscard]] int wal_pages() const { return database_.wal_pages(); }
  void checkpoint() { database_.checkpoint(); }

 private:
  [[nodiscard]] bool is_void(service_index service, const log_message& message);
  void apply_change(service_index service, std::uint64_t position, std::uint64_t number,
                    message_change change, const log_message& message, applied_message& into,
                    std::vector<records::event>& events);
  [[nodiscard]] std::int64_t free_number(service_index service, std::uint64_t number);

  const store_options& options_;
  std::vector<records::record_fields> fields_;
  file_lock lock_;
  sqlite_database database_;
  sqlite_log log_;
  std::uint64_t applied_ = 0;
};

}  // namespace flowcast::stores
