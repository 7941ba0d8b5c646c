#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "stores/event_store.hpp"
#include "stores/reader_thread.hpp"
#include "stores/recent_log.hpp"
#include "stores/store_options.hpp"

namespace flowcast::stores {

// The reading half of a store that keeps its records in a SQLite file: two threads with connections
// of their own, one for looking things up and one for searches, so that a search holds up nothing
// but other searches; and the newest of the log in memory, where what was missed a moment ago is
// found on the caller's thread. Safe from any thread.
class sqlite_reads {
 public:
  // The options outlive it.
  sqlite_reads(const store_options& options, const records::offset& head);

  // `numbers`: of the services in the file. Throws std::runtime_error.
  void start(const std::filesystem::path& path, const std::vector<std::int64_t>& numbers);
  // Returns when all that was asked is answered; what is asked from now on is answered with
  // errc::unavailable.
  void stop();

  void find(service_index service, records::query query, const completion<page>& done);
  void get(service_index service, records::record_id id, records::query query,
           const completion<records::record>& done);
  void read_log(log_read request, const completion<log_page>& done);

  // Copies from the WAL what can be copied, beside the writer; false if nobody is there to do it.
  [[nodiscard]] bool checkpoint();

  [[nodiscard]] recent_log& recent() { return recent_; }
  [[nodiscard]] const recent_log& recent() const { return recent_; }

 private:
  const store_options& options_;
  recent_log recent_;
  std::unique_ptr<reader_thread> lookups_;
  std::unique_ptr<reader_thread> searches_;
};

}  // namespace flowcast::stores
