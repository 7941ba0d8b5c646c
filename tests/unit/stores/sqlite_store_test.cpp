#include "stores/sqlite_store.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include "stores/store_factory.hpp"

namespace flowcast::stores {
namespace {

using testing::HasSubstr;

class deaf_sink final : public event_sink {
 public:
  void on_events(std::shared_ptr<const std::vector<records::event>> /*batch*/) override {}
};

class sqlite_store_test : public testing::Test {
 protected:
  sqlite_store_test() {
    std::string name = (std::filesystem::temp_directory_path() / "flowcast-sqlite-XXXXXX").string();
    directory_ = mkdtemp(name.data());
    service_definition service;
    service.name = "microflow";
    options_.services = {service};
    options_.least_free_bytes = 0;
  }
  ~sqlite_store_test() override {
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  [[nodiscard]] std::filesystem::path file() const { return directory_ / "flowcast.db"; }

  void open() {
    store_.reset();
    store_ = std::make_unique<sqlite_store>(file(), options_);
    store_->start(sink_);
  }

  // Why it refused to start.
  std::string refusal() {
    try {
      const sqlite_store refused(file(), options_);
    } catch (const std::runtime_error& refused) {
      return refused.what();
    }
    return "it started";
  }

  result<written> create(std::string json) {
    write request;
    request.documents.push_back(std::move(json));
    std::promise<result<written>> answer;
    store_->submit(std::move(request),
                   [&answer](result<written> outcome) { answer.set_value(std::move(outcome)); });
    return answer.get_future().get();
  }

  std::uint64_t count() {
    std::promise<result<page>> answer;
    store_->find(0, {}, [&answer](result<page> found) { answer.set_value(std::move(found)); });
    return answer.get_future().get().value().total;
  }

  void in_sqlite(const char* sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(file().c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }

  std::filesystem::path directory_;
  store_options options_;
  deaf_sink sink_;
  std::unique_ptr<sqlite_store> store_;
};

TEST_F(sqlite_store_test, refuses_a_file_that_another_server_uses) {
  open();
  EXPECT_THAT(refusal(), HasSubstr("in use by process " + std::to_string(getpid())));
  store_.reset();
  EXPECT_EQ(refusal(), "it started");
}

TEST_F(sqlite_store_test, refuses_a_damaged_file) {
  std::ofstream(file()) << std::string(8192, 'x');
  EXPECT_THAT(refusal(), HasSubstr("damaged or no Flowcast store"));
  EXPECT_THAT(refusal(), HasSubstr("Restore it from a backup"));
}

TEST_F(sqlite_store_test, refuses_a_file_of_another_program) {
  in_sqlite("CREATE TABLE theirs (a)");
  EXPECT_THAT(refusal(), HasSubstr("another program"));
}

TEST_F(sqlite_store_test, refuses_a_file_of_a_newer_version) {
  open();
  store_.reset();
  in_sqlite("PRAGMA user_version = 99");
  EXPECT_THAT(refusal(), HasSubstr("newer version of Flowcast"));
}

TEST_F(sqlite_store_test, refuses_a_directory_that_is_not_there) {
  options_.services[0].name = "microflow";
  try {
    const auto store = open_store("sqlite:" + (directory_ / "none" / "a.db").string(), options_);
    FAIL() << "it started";
  } catch (const std::runtime_error& refused) {
    EXPECT_THAT(refused.what(), HasSubstr("a directory that it may write in"));
  }
}

TEST_F(sqlite_store_test, brings_an_older_file_up_to_date) {
  open();
  ASSERT_TRUE(create("{}"));
  store_.reset();
  in_sqlite("DROP TABLE view; DROP INDEX delayed_by_number; PRAGMA user_version = 1");
  open();
  EXPECT_EQ(count(), 1U);
  EXPECT_TRUE(create("{}"));
}

TEST_F(sqlite_store_test, answers_507_at_its_size_limit_and_goes_on_reading) {
  options_.most_file_bytes = std::size_t{256} * 1024;
  open();
  std::uint64_t accepted = 0;
  std::optional<records::error> refused;
  for (int i = 0; i < 200 && !refused; ++i) {
    const auto outcome = create(R"({"text":")" + std::string(4000, 'x') + "\"}");
    if (outcome) {
      ++accepted;
    } else {
      refused = outcome.error();
    }
  }
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, records::errc::insufficient_storage);
  EXPECT_GT(refused->retry_after.count(), 0);
  EXPECT_EQ(count(), accepted);
  EXPECT_FALSE(store_->condition().ready);
  // With more room it goes on, and nothing that was accepted is lost.
  options_.most_file_bytes = 0;
  open();
  EXPECT_TRUE(create("{}"));
  EXPECT_TRUE(store_->condition().ready);
  EXPECT_EQ(count(), accepted + 1);
}

TEST_F(sqlite_store_test, answers_507_when_the_disk_is_nearly_full) {
  options_.least_free_bytes = std::uint64_t{1} << 60U;
  open();
  EXPECT_EQ(create("{}").error().code, records::errc::insufficient_storage);
  EXPECT_EQ(count(), 0U);
  EXPECT_THAT(store_->condition().reason, HasSubstr("free some space"));
}

TEST_F(sqlite_store_test, survives_a_file_that_may_not_grow) {
  open();
  ASSERT_TRUE(create("{}"));
  // What a full disk does to a write that is under way.
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 256U * 1024;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  std::uint64_t accepted = 1;
  bool refused = false;
  for (int i = 0; i < 100 && !refused; ++i) {
    const auto outcome = create(R"({"text":")" + std::string(20'000, 'x') + "\"}");
    refused = !outcome;
    accepted += outcome ? 1U : 0U;
  }
  EXPECT_TRUE(refused);
  EXPECT_EQ(count(), accepted);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  open();
  EXPECT_EQ(count(), accepted);
  EXPECT_TRUE(create("{}"));
}

TEST_F(sqlite_store_test, opens_where_it_was_closed_by_force) {
  open();
  ASSERT_TRUE(create("{}"));
  // As a kill -9 leaves it: the WAL beside the file.
  std::filesystem::copy(file(), directory_ / "copy.db");
  std::filesystem::copy(file().string() + "-wal", directory_ / "copy.db-wal");
  store_.reset();
  store_ = std::make_unique<sqlite_store>(directory_ / "copy.db", options_);
  store_->start(sink_);
  EXPECT_EQ(count(), 1U);
}

TEST(store_factory, knows_its_stores_by_name) {
  for (const char* spec : {"", "sqlite", "sqlite:", "redis:x"}) {
    EXPECT_THROW(static_cast<void>(open_store(spec, {})), std::runtime_error) << spec;
  }
  EXPECT_NE(open_store("memory", {}), nullptr);
}

}  // namespace
}  // namespace flowcast::stores
