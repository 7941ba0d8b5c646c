#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <future>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/store_kind.hpp"

namespace flowcast::stores {

inline constexpr std::chrono::seconds patience{20};

// Keeps what the store tells, in the order it came.
class recording_sink final : public event_sink {
 public:
  void on_events(std::shared_ptr<const std::vector<records::event>> batch) override;

  [[nodiscard]] std::vector<records::event> events() const;
  // Waits until there are so many; false if they do not come.
  [[nodiscard]] bool wait_for(std::size_t count) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable grown_;
  std::vector<records::event> events_;
};

// A wall clock that stands still until it is set.
class test_clock {
 public:
  [[nodiscard]] wall_clock reader() const {
    return [this] {
      return std::chrono::system_clock::time_point(std::chrono::milliseconds(now_.load()));
    };
  }
  void advance(std::chrono::milliseconds by) { now_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_{1'700'000'000'000};
};

inline constexpr service_index microflow = 0;
inline constexpr service_index chat = 1;

// A store of the kind under test, with the calls of the contract made to wait for their answer.
class store_contract : public testing::TestWithParam<store_kind> {
 protected:
  store_contract();
  ~store_contract() override;

  // Before open().
  store_options options_;
  test_clock clock_;

  void open();
  // … by whoever starts it with the sink.
  template <class Start>
  void open_with(const Start& start) {
    sink_ = std::make_unique<recording_sink>();
    store_ = GetParam().open(directory_, options_);
    start(*store_, *sink_);
  }
  void close();
  // Instead of one of its own; it is left there.
  void use_directory(const std::filesystem::path& directory) { directory_ = directory; }
  // A store may trim a moment after it has answered: waits until `done`.
  template <class Done>
  [[nodiscard]] bool comes_true(const Done& done) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!done()) {
      if (GetParam().trims_at_once || std::chrono::steady_clock::now() > deadline) {
        return false;
      }
      std::this_thread::yield();
    }
    return true;
  }
  void reopen() {
    close();
    open();
  }
  [[nodiscard]] event_store& store() { return *store_; }
  [[nodiscard]] recording_sink& sink() { return *sink_; }
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

  result<written> submit(write request);
  std::future<result<written>> submit_later(write request);
  written create(std::string json, service_index service = microflow);
  result<page> find(std::string_view query_string, service_index service = microflow);
  result<records::record> get(std::string_view id, service_index service = microflow,
                              std::string_view query_string = "");
  result<log_page> read(log_read request);
  // All events after an offset, page by page.
  result<std::vector<records::event>> read_all(records::offset after,
                                               std::vector<log_filter> filters);

 private:
  const std::filesystem::path own_directory_;
  std::filesystem::path directory_;
  std::unique_ptr<recording_sink> sink_;
  std::unique_ptr<event_store> store_;
};

[[nodiscard]] write creation(std::string json, service_index service = microflow);
[[nodiscard]] write change(records::event_type kind, std::string_view id, std::string json = {},
                           service_index service = microflow);
[[nodiscard]] std::vector<std::string> jsons(const std::vector<records::record>& of);
[[nodiscard]] std::vector<std::string> jsons(const std::vector<records::event>& of);
[[nodiscard]] std::vector<std::uint64_t> positions(const std::vector<records::event>& of);

template <class T>
std::string message_of(const result<T>& outcome) {
  return outcome ? "no error" : outcome.error().message;
}

template <class T>
std::optional<records::errc> code_of(const result<T>& outcome) {
  return outcome ? std::nullopt : std::optional(outcome.error().code);
}

}  // namespace flowcast::stores
