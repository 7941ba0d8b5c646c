// Publishing well: once, later, from many threads, and up to the last moment.
#include <set>
#include <thread>

#include "contract/store_contract.hpp"

namespace flowcast::stores {
namespace {

using records::errc;
using testing::IsEmpty;
using testing::SizeIs;

class publish_contract : public store_contract {
 protected:
  static write once(std::string json, std::string key, std::uint64_t digest,
                    service_index service = microflow) {
    write request = creation(std::move(json), service);
    request.once = idempotency{std::move(key), digest};
    return request;
  }
  static write later(std::string json, std::chrono::milliseconds after) {
    write request = creation(std::move(json));
    request.deliver_after = after;
    return request;
  }
};

TEST_P(publish_contract, publishes_once_under_one_key) {
  open();
  const written first = submit(once(R"({"text":"a"})", "k", 1)).value();
  const written again = submit(once(R"({"text":"a"})", "k", 1)).value();
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(jsons(again.records), jsons(first.records));
  EXPECT_EQ(again.records[0].id, first.records[0].id);
  EXPECT_EQ(again.records[0].key, "a");
  EXPECT_EQ(again.last, first.last);
  EXPECT_EQ(code_of(submit(once(R"({"text":"b"})", "k", 2))), errc::conflict);
  EXPECT_FALSE(submit(once(R"({"text":"a"})", "k", 1, chat)).value().replayed);
  EXPECT_FALSE(submit(once(R"({"text":"a"})", "other", 1)).value().replayed);
  EXPECT_THAT(sink().events(), SizeIs(3));
}

TEST_P(publish_contract, forgets_a_key_that_failed) {
  open();
  create(R"({"id":"own"})");
  EXPECT_EQ(code_of(submit(once(R"({"id":"own"})", "k", 1))), errc::conflict);
  submit(change(records::event_type::removed, "own")).value();
  EXPECT_FALSE(submit(once(R"({"id":"own"})", "k", 1)).value().replayed);
}

TEST_P(publish_contract, publishes_once_from_many_threads) {
  open();
  constexpr int threads = 8;
  std::vector<std::thread> publishers;
  std::atomic<int> replayed{0};
  for (int i = 0; i < threads; ++i) {
    publishers.emplace_back([&] {
      if (submit(once(R"({"text":"a"})", "k", 1)).value().replayed) {
        ++replayed;
      }
    });
  }
  for (std::thread& each : publishers) {
    each.join();
  }
  EXPECT_EQ(replayed, threads - 1);
  EXPECT_THAT(sink().events(), SizeIs(1));
}

TEST_P(publish_contract, delivers_later_what_it_accepted_now) {
  open();
  const records::offset start = store().head();
  // Longer than a slow machine needs for what comes meanwhile.
  const written accepted = submit(later(R"({"text":"late"})", std::chrono::seconds(2))).value();
  ASSERT_THAT(accepted.records, SizeIs(1));
  const std::string id = accepted.records[0].id.text();
  const written meanwhile = create(R"({"text":"now"})");
  EXPECT_NE(meanwhile.records[0].id, accepted.records[0].id);
  EXPECT_EQ(code_of(submit(creation(R"({"id":)" + id + "}"))), errc::conflict);
  ASSERT_TRUE(sink().wait_for(2));
  EXPECT_EQ(jsons(sink().events()).back(), accepted.records[0].json);
  EXPECT_EQ(get(id).value().json, accepted.records[0].json);
  EXPECT_THAT(read_all(start, {{microflow, false, {"late"}}}).value(), SizeIs(1));
}

TEST_P(publish_contract, does_not_deliver_before_time) {
  options_.now = clock_.reader();
  open();
  const written accepted = submit(later("{}", std::chrono::minutes(1))).value();
  const std::string id = accepted.records[0].id.text();
  clock_.advance(std::chrono::seconds(59));
  create("{}");
  EXPECT_EQ(code_of(get(id)), errc::not_found);
  EXPECT_THAT(sink().events(), SizeIs(1));
  clock_.advance(std::chrono::seconds(2));
  create("{}");
  ASSERT_TRUE(sink().wait_for(3));
  EXPECT_TRUE(get(id));
}

TEST_P(publish_contract, keeps_order_and_loses_nothing_from_many_threads) {
  open();
  const records::offset start = store().head();
  constexpr int threads = 4;
  constexpr int each_creates = 100;
  std::vector<std::thread> publishers;
  std::mutex mutex;
  std::set<std::string> acked;
  for (int t = 0; t < threads; ++t) {
    publishers.emplace_back([&, t] {
      std::uint64_t last = 0;
      for (int i = 0; i < each_creates; ++i) {
        const written made = create(R"({"text":"k)" + std::to_string(t) + "\"}");
        EXPECT_GT(made.last.position, last);
        last = made.last.position;
        EXPECT_GE(store().head().position, last);
        const std::lock_guard lock(mutex);
        acked.insert(made.records[0].json);
      }
    });
  }
  std::thread reader([&] {
    for (int i = 0; i < 20; ++i) {
      EXPECT_TRUE(find("$limit=5&$sort[id]=-1"));
      EXPECT_TRUE(read_all(start, {{microflow, false, {"k1"}}}));
    }
  });
  for (std::thread& each : publishers) {
    each.join();
  }
  reader.join();
  const std::vector<records::event> told = sink().events();
  ASSERT_THAT(told, SizeIs(threads * each_creates));
  const std::vector<std::uint64_t> order = positions(told);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end(), std::less_equal<>()));
  for (const records::event& event : told) {
    EXPECT_TRUE(acked.contains(event.record.json));
  }
  EXPECT_THAT(acked, SizeIs(threads * each_creates));
  EXPECT_EQ(positions(read_all(start, {{microflow, true, {}}}).value()), order);
}

TEST_P(publish_contract, may_be_called_from_its_own_callbacks) {
  open();
  auto promise = std::make_shared<std::promise<result<records::record>>>();
  event_store& under_test = store();
  under_test.submit(creation("{}"), [&under_test, promise](result<written> first) {
    const records::record_id id = first.value().records[0].id;
    under_test.submit(creation("{}"), [&under_test, promise, id](result<written> second) {
      EXPECT_TRUE(second);
      under_test.get(microflow, id, {}, [promise](result<records::record> found) {
        promise->set_value(std::move(found));
      });
    });
  });
  std::future<result<records::record>> answer = promise->get_future();
  ASSERT_EQ(answer.wait_for(patience), std::future_status::ready);
  EXPECT_TRUE(answer.get());
}

TEST_P(publish_contract, answers_every_call_once_when_it_stops) {
  open();
  std::vector<std::future<result<written>>> answers;
  std::atomic<bool> go_on{true};
  std::thread publisher([&] {
    for (int i = 0; i < 20'000 && go_on; ++i) {
      answers.push_back(submit_later(creation("{}")));
    }
  });
  ASSERT_TRUE(sink().wait_for(10));
  store().stop();
  go_on = false;
  publisher.join();
  std::size_t accepted = 0;
  for (std::future<result<written>>& each : answers) {
    ASSERT_EQ(each.wait_for(patience), std::future_status::ready);
    const result<written> outcome = each.get();
    accepted += outcome ? 1U : 0U;
    if (!outcome) {
      EXPECT_EQ(outcome.error().code, errc::unavailable);
    }
  }
  EXPECT_THAT(sink().events(), SizeIs(accepted));
  EXPECT_EQ(code_of(submit(creation("{}"))), errc::unavailable);
  EXPECT_EQ(code_of(find("")), errc::unavailable);
  EXPECT_FALSE(store().condition().ready);
}

TEST_P(publish_contract, tells_its_condition) {
  open();
  EXPECT_TRUE(store().condition().ready) << store().condition().reason;
  const std::uint64_t empty = store().condition().log_bytes;
  for (int i = 0; i < 100; ++i) {
    create(R"({"text":")" + std::string(1000, 'x') + "\"}");
  }
  EXPECT_GT(store().condition().log_bytes, empty);
}

INSTANTIATE_TEST_SUITE_P(stores, publish_contract, testing::ValuesIn(store_kinds()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace flowcast::stores
