#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "stores/event_store.hpp"
#include "stores/file_lock.hpp"
#include "stores/sqlite_database.hpp"
#include "stores/sqlite_log.hpp"
#include "stores/sqlite_reads.hpp"
#include "stores/store_options.hpp"
#include "stores/write_queue.hpp"

namespace flowcast::stores {

// Records and log in one SQLite file: durable, the default.
//
// One thread writes. It takes all writes that wait, carries them out in one transaction, and
// answers them when that is on the disk: so the cost of a disk's flush is shared by all who wait
// for it. Readers have two threads with connections of their own: one for looking things up, one
// for searches, so that a search holds up nothing but other searches. What was missed lately is
// read from memory.
class sqlite_store final : public event_store {
 public:
  // Throws std::runtime_error, with what to do about it, if the file cannot be used.
  sqlite_store(std::filesystem::path path, store_options options);
  sqlite_store(const sqlite_store&) = delete;
  sqlite_store& operator=(const sqlite_store&) = delete;
  ~sqlite_store() override;

  void start(event_sink& sink) override;
  void stop() override;
  void submit(write request, completion<written> done) override;
  void find(service_index service, records::query query, completion<page> done) override;
  void get(service_index service, records::record_id id, records::query query,
           completion<records::record> done) override;
  void read_log(log_read request, completion<log_page> done) override;
  [[nodiscard]] records::offset head() const override;
  [[nodiscard]] store_condition condition() const override;

 private:
  using time = std::chrono::system_clock::time_point;

  void run();
  void carry_out(std::deque<prepared_write> batch);
  [[nodiscard]] result<written> carry_out(prepared_write& one, time now,
                                          std::vector<records::event>& events);
  [[nodiscard]] std::chrono::milliseconds until_next_turn();
  [[nodiscard]] result<void> check_disk();
  void take_care_of_wal();
  void report(const std::string& reason);

  const std::filesystem::path path_;
  const store_options options_;
  std::vector<records::record_fields> fields_;
  file_lock lock_;
  sqlite_database database_;
  sqlite_log log_;
  event_sink* sink_ = nullptr;

  write_queue queue_;
  sqlite_reads reads_;
  std::thread writer_;

  bool broken_ = false;  // no write can be trusted any more
  bool more_to_trim_ = false;
  bool failed_lately_ = false;  // the last transaction
  int pages_checkpointed_ = 0;
  std::chrono::steady_clock::time_point disk_checked_;
  bool disk_full_ = false;

  mutable std::mutex condition_mutex_;
  std::string reason_ = "not started";
  std::uint64_t bytes_ = 0;
};

}  // namespace flowcast::stores
