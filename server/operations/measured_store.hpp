#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "operations/histogram.hpp"
#include "operations/metrics.hpp"
#include "stores/event_store.hpp"

namespace flowcast::operations {

// A store in front of another one, of which it measures how long each call takes until it is
// completed, how many fail, and what is published. Keeps the contract of event_store as well as the
// other does.
class measured_store final : public stores::event_store, public metric_source {
 public:
  // `services`: their names, by index.
  measured_store(std::unique_ptr<stores::event_store> measured, std::vector<std::string> services);
  measured_store(const measured_store&) = delete;
  measured_store& operator=(const measured_store&) = delete;
  ~measured_store() override = default;

  void start(stores::event_sink& sink) override { store_->start(sink); }
  void stop() override { store_->stop(); }
  void submit(stores::write request, stores::completion<stores::written> done) override;
  void find(stores::service_index service, records::query query,
            stores::completion<stores::page> done) override;
  void get(stores::service_index service, records::record_id id, records::query query,
           stores::completion<records::record> done) override;
  void read_log(stores::log_read request, stores::completion<stores::log_page> done) override;
  [[nodiscard]] records::offset head() const override { return store_->head(); }
  [[nodiscard]] stores::store_condition condition() const override { return store_->condition(); }
  [[nodiscard]] std::unique_ptr<stores::peer_link> open_peers(const std::string& topic) override {
    return store_->open_peers(topic);
  }

  void write_metrics(metric_text& to) const override;

 private:
  enum class operation : std::uint8_t { write, find, get, read_log };
  static constexpr std::size_t operation_count = 4;

  struct measures {
    shared_latency_histogram took;
    shared_tally failed;
  };

  static std::string_view name_of(std::size_t operation);
  [[nodiscard]] measures& of(operation what) { return measures_[static_cast<std::size_t>(what)]; }
  // `done`, but for its being measured.
  template <class T>
  stores::completion<T> measured(operation what, stores::completion<T> done);

  std::unique_ptr<stores::event_store> store_;
  std::vector<std::string> services_;
  std::array<measures, operation_count> measures_;
  // By service, then type.
  std::vector<std::array<shared_tally, 4>> published_;
  shared_tally replayed_;
};

}  // namespace flowcast::operations
