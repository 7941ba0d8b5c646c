#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "stores/event_store.hpp"
#include "stores/idempotency_window.hpp"
#include "stores/memory_records.hpp"
#include "stores/store_options.hpp"

namespace flowcast::stores {

// All in memory, gone at exit: the proof of concept's way.
//
// A write is carried out on the thread that submits it, together with those that others submit
// meanwhile: who finds the store idle works off the queue. Looking up one record and reading the
// log happen on the caller's thread too; searching and late deliveries have a thread of their own.
class memory_store final : public event_store {
 public:
  explicit memory_store(store_options options);
  memory_store(const memory_store&) = delete;
  memory_store& operator=(const memory_store&) = delete;
  ~memory_store() override;

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
  using clock = std::chrono::system_clock;

  struct delayed_write {
    service_index service = 0;
    write_plan plan;
  };

  // True if the caller is to drain, and its write is the first of the batch. Takes the write away
  // if there is no error.
  [[nodiscard]] result<bool> enqueue(prepared_write& one);
  // By whom `draining_` was set.
  void drain();
  [[nodiscard]] bool next_batch();
  void carry_out(std::span<prepared_write> batch);
  [[nodiscard]] result<written> carry_out(prepared_write& one, clock::time_point now);
  [[nodiscard]] written delay(prepared_write& one, write_plan plan, clock::time_point now);
  void deliver_due(clock::time_point now);
  void work();
  void search(service_index service, const records::query& query, const completion<page>& done);

  store_options options_;
  std::vector<records::record_fields> fields_;
  event_sink* sink_ = nullptr;
  std::uint64_t epoch_;
  std::atomic<std::uint64_t> head_{0};

  mutable std::mutex queue_mutex_;
  std::condition_variable idle_;
  std::vector<prepared_write> queue_;
  std::size_t queued_bytes_ = 0;
  bool draining_ = false;
  bool due_ = false;  // late deliveries are to be looked at
  bool stopped_ = true;

  // Of whoever drains.
  std::vector<prepared_write> batch_;
  std::vector<result<written>> outcomes_;

  mutable std::mutex state_mutex_;  // never held while calling out
  memory_records records_;
  idempotency_window answers_;
  std::multimap<clock::time_point, delayed_write> delayed_;

  std::mutex work_mutex_;
  std::condition_variable work_wanted_;
  std::deque<std::function<void()>> searches_;
  clock::time_point next_due_ = clock::time_point::max();
  bool working_ = false;
  std::thread worker_;
};

}  // namespace flowcast::stores
