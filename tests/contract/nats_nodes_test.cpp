// Several nodes on one stream, and a NATS that goes away. What one node promises is in the
// contract's suite.
#include <algorithm>
#include <charconv>
#include <set>

#include "contract/nats_server.hpp"
#include "contract/store_contract.hpp"
#include "protocol/json_scanner.hpp"
#include "stores/store_factory.hpp"

namespace flowcast::stores {
namespace {

using namespace std::chrono_literals;
using records::errc;
using records::event_type;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// A Flowcast node: a store with a view of its own.
class node {
 public:
  node(const std::string& url, const std::string& stream, const std::filesystem::path& view,
       store_options options)
      : store_(open_store("nats:" + url + "?stream=" + stream + "&view=" + view.string(),
                          std::move(options))) {
    store_->start(sink_);
  }
  node(const node&) = delete;
  node& operator=(const node&) = delete;
  ~node() { store_->stop(); }

  std::future<result<written>> submit_later(write request) {
    auto promise = std::make_shared<std::promise<result<written>>>();
    std::future<result<written>> answer = promise->get_future();
    store_->submit(std::move(request),
                   [promise](result<written> outcome) { promise->set_value(std::move(outcome)); });
    return answer;
  }
  result<written> submit(write request) {
    std::future<result<written>> answer = submit_later(std::move(request));
    EXPECT_EQ(answer.wait_for(2 * patience), std::future_status::ready);
    return answer.get();
  }
  std::vector<std::string> records() {
    std::promise<result<page>> answer;
    store_->find(0, {}, [&](result<page> found) { answer.set_value(std::move(found)); });
    return jsons(answer.get_future().get().value().records);
  }
  result<log_page> read_after(records::offset after) {
    std::promise<result<log_page>> answer;
    log_read request;
    request.filters = {{0, true, {}}};
    request.after = after;
    request.up_to = ~std::uint64_t{0};
    request.max_events = 100'000;
    request.max_bytes = 100'000'000;
    store_->read_log(request, [&](result<log_page> read) { answer.set_value(std::move(read)); });
    return answer.get_future().get();
  }
  recording_sink& sink() { return sink_; }
  event_store& store() { return *store_; }

 private:
  recording_sink sink_;
  std::unique_ptr<event_store> store_;
};

class nats_nodes : public testing::Test {
 protected:
  nats_nodes() {
    std::string name = (std::filesystem::temp_directory_path() / "flowcast-nodes-XXXXXX").string();
    directory_ = mkdtemp(name.data());
    service_definition service;
    service.name = "microflow";
    options_.services = {service};
  }
  ~nats_nodes() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<node> start(const std::string& name) {
    return std::make_unique<node>(nats_server::shared().url(), directory_.filename().string(),
                                  directory_ / name, options_);
  }

  std::filesystem::path directory_;
  store_options options_;
};

TEST_F(nats_nodes, have_the_same_log_and_records) {
  const auto a = start("a");
  const auto b = start("b");
  const records::offset beginning = a->store().head();
  EXPECT_EQ(b->store().head(), beginning);
  std::vector<std::future<result<written>>> answers;
  for (int i = 0; i < 200; ++i) {
    node& either = i % 2 == 0 ? *a : *b;
    answers.push_back(either.submit_later(creation(R"({"text":"k"})")));
  }
  for (auto& each : answers) {
    ASSERT_TRUE(each.get());
  }
  ASSERT_TRUE(a->sink().wait_for(200));
  ASSERT_TRUE(b->sink().wait_for(200));
  EXPECT_EQ(positions(a->sink().events()), positions(b->sink().events()));
  EXPECT_EQ(a->records(), b->records());
  EXPECT_THAT(a->records(), SizeIs(200));
  EXPECT_EQ(positions(b->read_after(beginning).value().events), positions(a->sink().events()));
}

TEST_F(nats_nodes, recover_clients_of_each_other_at_once) {
  const auto a = start("a");
  const auto b = start("b");
  for (int i = 0; i < 50; ++i) {
    const records::offset last = a->submit(creation("{}")).value().last;
    const auto missed = b->read_after(last);
    ASSERT_TRUE(missed) << message_of(missed);
    EXPECT_THAT(missed->events, IsEmpty());
  }
}

TEST_F(nats_nodes, agree_on_who_was_first) {
  const auto a = start("a");
  const auto b = start("b");
  ASSERT_TRUE(a->submit(creation(R"({"id":"counter","n":0})")));
  const auto add_one = [] {
    write request = change(event_type::patched, "counter");
    request.decide = [](const records::record* current) -> result<std::vector<decided_change>> {
      if (current == nullptr) {
        return std::vector<decided_change>{{event_type::created, R"({"n":1})"}};
      }
      const auto scanned = protocol::scan_json(current->json);
      int n = 0;
      const std::string_view text = scanned.value.member("n").text();
      std::from_chars(text.data(), text.data() + text.size(), n);
      return std::vector<decided_change>{
          {event_type::patched, R"({"n":)" + std::to_string(n + 1) + "}"}};
    };
    return request;
  };
  constexpr int each_adds = 50;
  const auto add = [&](node& to) {
    for (int i = 0; i < each_adds; ++i) {
      EXPECT_TRUE(to.submit(add_one()));
    }
  };
  std::thread other([&] { add(*b); });
  add(*a);
  other.join();
  // A node reads its own writes at once, and those of another a moment later.
  ASSERT_TRUE(a->sink().wait_for(1 + 2 * each_adds));
  EXPECT_THAT(a->records(),
              ElementsAre(R"({"n":)" + std::to_string(2 * each_adds) + R"(,"id":"counter"})"));
}

TEST_F(nats_nodes, give_a_lock_to_one_alone) {
  const auto a = start("a");
  const auto b = start("b");
  const auto take = [](const std::string& holder, int round) {
    write request = change(event_type::created, "lock" + std::to_string(round));
    request.decide =
        [holder](const records::record* current) -> result<std::vector<decided_change>> {
      if (current != nullptr) {
        return records::error{errc::conflict, "held", {}, {}};
      }
      return std::vector<decided_change>{{event_type::created, R"({"holder":")" + holder + "\"}"}};
    };
    return request;
  };
  for (int round = 0; round < 50; ++round) {
    auto first = a->submit_later(take("a", round));
    auto second = b->submit_later(take("b", round));
    const int holders = (first.get() ? 1 : 0) + (second.get() ? 1 : 0);
    ASSERT_EQ(holders, 1) << "round " << round;
  }
}

TEST_F(nats_nodes, publish_once_under_one_key) {
  const auto a = start("a");
  const auto b = start("b");
  for (int round = 0; round < 20; ++round) {
    write request = creation(R"({"text":"a"})");
    request.once = idempotency{"key " + std::to_string(round), 7};
    auto first = a->submit_later(request);
    auto second = b->submit_later(request);
    const result<written> one = first.get();
    const result<written> other = second.get();
    ASSERT_TRUE(one) << message_of(one);
    ASSERT_TRUE(other) << message_of(other);
    EXPECT_EQ(one->last, other->last);
    EXPECT_EQ(jsons(one->records), jsons(other->records));
    request.once->body_digest = 8;
    EXPECT_EQ(code_of(b->submit(request)), errc::conflict);
  }
  EXPECT_THAT(a->records(), SizeIs(20));
}

TEST_F(nats_nodes, deliver_a_delayed_event_once) {
  const auto a = start("a");
  const auto b = start("b");
  write request = creation(R"({"text":"late"})");
  request.deliver_after = 100ms;
  const written accepted = a->submit(request).value();
  ASSERT_TRUE(a->sink().wait_for(1));
  ASSERT_TRUE(b->sink().wait_for(1));
  // Whatever either would have said twice comes before this.
  ASSERT_TRUE(b->submit(creation("{}")));
  ASSERT_TRUE(a->sink().wait_for(2));
  EXPECT_THAT(a->sink().events(), SizeIs(2));
  EXPECT_EQ(jsons(a->sink().events())[0], accepted.records[0].json);
  EXPECT_EQ(positions(a->sink().events()), positions(b->sink().events()));
}

TEST_F(nats_nodes, deliver_what_a_node_accepted_that_is_gone) {
  test_clock clock;
  options_.now = clock.reader();
  auto a = start("a");
  write request = creation(R"({"text":"late"})");
  request.deliver_after = 1min;
  ASSERT_TRUE(a->submit(request));
  a.reset();
  clock.advance(2min);
  const auto b = start("b");
  ASSERT_TRUE(b->sink().wait_for(1));
  EXPECT_EQ(b->sink().events()[0].record.key, "late");
}

TEST_F(nats_nodes, join_late_and_know_the_same) {
  options_.services[0].keep.max_events = 20;
  const auto a = start("a");
  const records::offset beginning = a->store().head();
  ASSERT_TRUE(a->submit(creation(R"({"id":"first"})")));
  for (int i = 0; i < 60; ++i) {
    ASSERT_TRUE(a->submit(creation(R"({"text":"k"})")));
  }
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (a->records().size() > 20 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  const auto b = start("b");
  EXPECT_EQ(b->records(), a->records());
  EXPECT_EQ(b->store().head(), a->store().head());
  EXPECT_THAT(b->sink().events(), IsEmpty());
  EXPECT_EQ(code_of(b->read_after(beginning)), errc::offset_gone);
}

TEST_F(nats_nodes, make_a_lost_view_anew) {
  auto a = start("a");
  ASSERT_TRUE(a->submit(creation(R"({"text":"k"})")));
  const records::offset head = a->store().head();
  const std::vector<std::string> before = a->records();
  a.reset();
  std::filesystem::remove(directory_ / "a");
  a = start("a");
  EXPECT_EQ(a->records(), before);
  EXPECT_EQ(a->store().head(), head);
}

TEST_F(nats_nodes, wait_for_a_server_that_was_killed) {
  const std::filesystem::path data = directory_ / "nats";
  std::filesystem::create_directory(data);
  auto server = std::make_unique<nats_server>(data);
  const int port = server->port();
  node a(server->url(), "killed", directory_ / "a", options_);
  std::set<std::string> promised;
  for (int round = 0; round < 3; ++round) {
    std::vector<std::future<result<written>>> answers;
    for (int i = 0; i < 300; ++i) {
      answers.push_back(a.submit_later(creation(R"({"text":"k"})")));
      if (i == 150) {
        server.reset();
        server = std::make_unique<nats_server>(data, port);
      }
    }
    for (auto& each : answers) {
      ASSERT_EQ(each.wait_for(2 * patience), std::future_status::ready);
      const result<written> outcome = each.get();
      ASSERT_TRUE(outcome) << message_of(outcome);
      EXPECT_TRUE(promised.insert(outcome->records[0].json).second);
    }
  }
  ASSERT_TRUE(a.sink().wait_for(900));
  const std::vector<std::uint64_t> told = positions(a.sink().events());
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end(), std::less_equal<>()));
  EXPECT_THAT(promised, SizeIs(900));
  EXPECT_THAT(a.records(), SizeIs(900));
}

TEST_F(nats_nodes, answer_503_when_the_cluster_stays_away) {
  const std::filesystem::path data = directory_ / "nats";
  std::filesystem::create_directory(data);
  auto server = std::make_unique<nats_server>(data);
  options_.patience_with_cluster = 500ms;
  node a(server->url(), "away", directory_ / "a", options_);
  ASSERT_TRUE(a.submit(creation(R"({"text":"k"})")));
  server.reset();
  const auto refused = a.submit(creation("{}"));
  EXPECT_EQ(code_of(refused), errc::unavailable);
  EXPECT_GT(refused.error().retry_after.count(), 0);
  EXPECT_THAT(a.records(), SizeIs(1));
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (a.store().condition().ready && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_FALSE(a.store().condition().ready);
}

TEST_F(nats_nodes, answer_503_to_a_write_that_waited_too_long_to_be_sent) {
  const std::filesystem::path data = directory_ / "nats";
  std::filesystem::create_directory(data);
  const nats_server server(data);
  options_.patience_with_cluster = 0ms;
  node a(server.url(), "late", directory_ / "a", options_);
  const auto refused = a.submit(creation("{}"));
  EXPECT_EQ(code_of(refused), errc::unavailable);
  EXPECT_GT(refused.error().retry_after.count(), 0);
}

TEST_F(nats_nodes, end_though_the_server_stands_still) {
  const std::filesystem::path data = directory_ / "nats";
  std::filesystem::create_directory(data);
  nats_server server(data);
  auto a = std::make_unique<node>(server.url(), "still", directory_ / "a", options_);
  server.stand_still();
  // More than a connection holds that nobody reads.
  const std::string json = R"({"text":")" + std::string(100'000, 'x') + "\"}";
  std::vector<std::future<result<written>>> answers;
  for (int i = 0; i < 300; ++i) {
    answers.push_back(a->submit_later(creation(json)));
  }
  auto ended = std::async(std::launch::async, [&] { a.reset(); });
  EXPECT_EQ(ended.wait_for(2 * patience), std::future_status::ready);
  server.carry_on();
  ended.wait();
  for (auto& each : answers) {
    ASSERT_EQ(each.wait_for(0s), std::future_status::ready);
    EXPECT_EQ(code_of(each.get()), errc::unavailable);
  }
}

TEST_F(nats_nodes, say_what_is_wrong_when_they_cannot_start) {
  const auto refusal = [&](const std::string& spec) {
    try {
      static_cast<void>(open_store(spec, options_));
    } catch (const std::runtime_error& refused) {
      return std::string(refused.what());
    }
    return std::string("it started");
  };
  EXPECT_THAT(refusal("nats:nats://127.0.0.1:1"), testing::HasSubstr("Cannot reach NATS"));
  EXPECT_THAT(refusal("nats:"), testing::HasSubstr("names no server"));
  EXPECT_THAT(refusal("nats:nats://127.0.0.1?colour=red"), testing::HasSubstr("not known"));
  EXPECT_THAT(refusal("nats:nats://127.0.0.1?replicas=9"), testing::HasSubstr("from 1 to 5"));
}

}  // namespace
}  // namespace flowcast::stores
