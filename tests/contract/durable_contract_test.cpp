// What is left after a restart, and after a sudden end.
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include "contract/store_contract.hpp"

namespace flowcast::stores {
namespace {

using records::errc;
using records::event_type;
using testing::ElementsAre;
using testing::SizeIs;

constexpr int answers_descriptor = 3;

class durable_contract : public store_contract {
 protected:
  // A server in a process of its own that publishes as fast as it can, and tells what was answered
  // through a pipe. Returns after so many answers and a kill -9; gives what was told.
  std::vector<std::string> publish_until_killed(std::size_t answers);
};

std::vector<std::string> durable_contract::publish_until_killed(std::size_t answers) {
  open();  // so that all there is to be shared is there
  close();
  std::array<int, 2> ends = {};
  EXPECT_EQ(pipe(ends.data()), 0);
  const std::string filter =
      "--gtest_filter=stores/durable_contract.DISABLED_publishes_for_ever/" + GetParam().name;
  setenv("FLOWCAST_TEST_DIRECTORY", directory().c_str(), 1);
  const pid_t child = fork();
  if (child == 0) {
    ::close(ends[0]);
    dup2(ends[1], answers_descriptor);
    execl("/proc/self/exe", "server", filter.c_str(), "--gtest_also_run_disabled_tests",
          "--gtest_brief=1", nullptr);
    _exit(127);
  }
  unsetenv("FLOWCAST_TEST_DIRECTORY");
  ::close(ends[1]);
  std::FILE* const from = fdopen(ends[0], "r");
  std::vector<std::string> told;
  std::array<char, 256> line = {};
  while (std::fgets(line.data(), line.size(), from) != nullptr) {
    told.emplace_back(line.data());
    if (told.size() == answers) {
      kill(child, SIGKILL);
    }
  }
  std::fclose(from);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  // The last line may have been cut.
  if (!told.empty() && told.back().back() != '\n') {
    told.pop_back();
  }
  for (std::string& each : told) {
    each.pop_back();
  }
  return told;
}

// What the process that is to be killed runs.
TEST_P(durable_contract, DISABLED_publishes_for_ever) {
  const char* const given = std::getenv("FLOWCAST_TEST_DIRECTORY");
  if (given == nullptr) {
    GTEST_SKIP() << "this is a part of loses_nothing_that_was_answered_to_a_kill_9";
  }
  use_directory(given);
  open();
  std::atomic<std::size_t> in_flight{0};
  for (std::uint64_t i = 0;; ++i) {
    while (in_flight > 200) {
      std::this_thread::yield();
    }
    ++in_flight;
    store().submit(creation(R"({"text":"k)" + std::to_string(i) + "\"}"),
                   [&in_flight](result<written> outcome) {
                     const std::string line = std::to_string(outcome.value().last.position) + " " +
                                              outcome.value().records[0].json + "\n";
                     if (::write(answers_descriptor, line.data(), line.size()) < 0) {
                       _exit(1);
                     }
                     --in_flight;
                   });
  }
}

TEST_P(durable_contract, keeps_all_over_a_restart) {
  open();
  const records::offset start = store().head();
  create(R"({"text":"a"})");
  create(R"({"id":"own","text":"b"})");
  submit(change(event_type::patched, "own", R"({"n":1})")).value();
  create(R"({"id":"gone"})");
  submit(change(event_type::removed, "gone")).value();
  const records::offset head = create(R"({"room":"r"})", chat).last;
  const auto listed = jsons(find("").value().records);
  const auto logged = jsons(read_all(start, {{microflow, true, {}}, {chat, true, {}}}).value());
  reopen();
  EXPECT_EQ(store().head(), head);
  EXPECT_EQ(jsons(find("").value().records), listed);
  EXPECT_EQ(jsons(read_all(start, {{microflow, true, {}}, {chat, true, {}}}).value()), logged);
  EXPECT_THAT(jsons(read_all(start, {{microflow, false, {"b"}}}).value()), SizeIs(2));
  EXPECT_EQ(code_of(submit(creation(R"({"id":"own"})"))), errc::conflict);
  EXPECT_EQ(code_of(get("gone")), errc::not_found);
}

TEST_P(durable_contract, goes_on_counting_after_a_restart) {
  open();
  const written before = create("{}");
  submit(change(event_type::removed, before.records[0].id.text())).value();
  reopen();
  const written after = create("{}");
  EXPECT_GT(after.records[0].id.number(), before.records[0].id.number());
  EXPECT_GT(after.last.position, before.last.position + 1);
  EXPECT_EQ(after.last.epoch, before.last.epoch);
}

TEST_P(durable_contract, does_not_count_anew_when_all_was_trimmed) {
  options_.now = clock_.reader();
  options_.services[microflow].keep.max_age = std::chrono::seconds(60);
  open();
  const records::offset last = create("{}").last;
  clock_.advance(std::chrono::hours(1));
  create(R"({"id":"x"})");
  clock_.advance(std::chrono::hours(1));
  reopen();
  EXPECT_GT(create(R"({"id":"y"})").last.position, last.position + 1);
  EXPECT_TRUE(comes_true([&] {
    return code_of(read_all(last, {{microflow, true, {}}})) == errc::offset_gone;
  }));
}

TEST_P(durable_contract, knows_services_by_name_after_a_restart) {
  open();
  create(R"({"id":"m"})", microflow);
  create(R"({"id":"c","room":"r"})", chat);
  close();
  service_definition added;
  added.name = "added";
  options_.services = {added, options_.services[1], options_.services[0]};
  open();
  EXPECT_EQ(find("", 0).value().total, 0U);
  EXPECT_TRUE(get("c", 1));
  EXPECT_TRUE(get("m", 2));
}

TEST_P(durable_contract, remembers_idempotency_keys_over_a_restart) {
  options_.now = clock_.reader();
  options_.idempotency_window = std::chrono::seconds(60);
  open();
  write request = creation(R"({"text":"a"})");
  request.documents.emplace_back(R"({"id":"own","text":5})");
  request.once = idempotency{"k", 1};
  const written first = submit(request).value();
  reopen();
  const written again = submit(request).value();
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(jsons(again.records), jsons(first.records));
  EXPECT_EQ(again.records[1].id.text(), "own");
  EXPECT_EQ(again.records[1].key, "5");
  EXPECT_EQ(again.last, first.last);
  request.once->body_digest = 2;
  EXPECT_EQ(code_of(submit(request)), errc::conflict);
}

TEST_P(durable_contract, delivers_after_a_restart_what_was_delayed) {
  open();
  write request = creation(R"({"text":"late"})");
  request.deliver_after = std::chrono::seconds(2);  // longer than a slow machine needs to close
  const written accepted = submit(request).value();
  reopen();
  EXPECT_EQ(code_of(submit(creation(R"({"id":)" + accepted.records[0].id.text() + "}"))),
            errc::conflict);
  ASSERT_TRUE(sink().wait_for(1));
  EXPECT_THAT(jsons(sink().events()), ElementsAre(accepted.records[0].json));
  EXPECT_TRUE(get(accepted.records[0].id.text()));
}

TEST_P(durable_contract, loses_nothing_that_was_answered_to_a_kill_9) {
  std::set<std::string> promised;
  for (int round = 0; round < 3; ++round) {
    for (std::string& each : publish_until_killed(500)) {
      EXPECT_TRUE(promised.insert(std::move(each)).second) << "answered twice";
    }
  }
  ASSERT_GE(promised.size(), 1500U);
  open();
  std::set<std::string> kept;
  std::uint64_t last = 0;
  for (const records::event& each :
       read_all({store().head().epoch, 0}, {{microflow, true, {}}}).value()) {
    EXPECT_GT(each.offset.position, last);
    last = each.offset.position;
    kept.insert(std::to_string(each.offset.position) + " " + each.record.json);
  }
  for (const std::string& each : promised) {
    EXPECT_TRUE(kept.contains(each)) << each;
  }
  EXPECT_EQ(find("$limit=0").value().total, kept.size());
}

INSTANTIATE_TEST_SUITE_P(stores, durable_contract, testing::ValuesIn(durable_store_kinds()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace flowcast::stores
