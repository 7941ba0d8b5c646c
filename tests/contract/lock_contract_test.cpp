// Who holds a lock is decided by the store: raced for, and looked at for overlaps.

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "contract/store_contract.hpp"
#include "services/lock_service.hpp"

namespace flowcast::stores {
namespace {

using records::errc;
using services::lease;
using services::lock_service;
using services::method;
using testing::HasSubstr;

constexpr service_index locks = 2;

result<services::answer> ask(lock_service& of, services::call request) {
  std::promise<result<services::answer>> promise;
  auto answer = promise.get_future();
  of.handle(std::move(request), {},
            [&promise](result<services::answer> made) { promise.set_value(std::move(made)); });
  if (answer.wait_for(patience) != std::future_status::ready) {
    throw std::runtime_error("the lock was not answered");
  }
  return answer.get();
}

result<services::answer> acquire(lock_service& of, const std::string& key,
                                 const std::string& holder, int ttl) {
  services::call request;
  request.what = method::create;
  request.document =
      R"({"key":")" + key + R"(","holder":")" + holder + R"(","ttl":)" + std::to_string(ttl) + "}";
  return ask(of, std::move(request));
}

result<services::answer> release(lock_service& of, const std::string& key,
                                 const std::string& holder) {
  services::call request;
  request.what = method::remove;
  request.id = records::record_id::from_text(key);
  request.query = records::query::from_query_string("holder=" + holder).value();
  return ask(of, std::move(request));
}

class lock_contract : public store_contract {
 protected:
  lock_contract() { options_.services.push_back(lock_service::definition()); }
  ~lock_contract() override { stop(); }

  void start(wall_clock now) {
    open_with([&](event_store& store, event_sink& sink) {
      service_.emplace(locks, services::lock_options(), store, std::move(now));
      watch_.emplace(*service_, sink);
      store.start(*watch_);
    });
    service_->start();
  }
  void stop() {
    if (service_) {
      service_->stop();
      close();
      service_.reset();
    }
  }
  [[nodiscard]] lock_service& service() { return *service_; }
  [[nodiscard]] std::vector<records::event> lock_events() {
    std::vector<records::event> all = sink().events();
    std::erase_if(all, [](const records::event& each) { return each.service != locks; });
    return all;
  }

 private:
  std::optional<lock_service> service_;
  std::optional<services::lease_watch> watch_;
};

wall_clock real_clock() {
  return [] { return std::chrono::system_clock::now(); };
}

TEST_P(lock_contract, announces_what_expires_once) {
  start(real_clock());
  ASSERT_TRUE(acquire(service(), "a", "anna", 100));
  ASSERT_TRUE(sink().wait_for(2));
  ASSERT_TRUE(acquire(service(), "a", "ben", 60'000));
  const auto events = lock_events();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[1].type, records::event_type::removed);
  EXPECT_THAT(events[1].record.json, HasSubstr(R"("reason":"expired"})"));
  EXPECT_EQ(events[1].record.key, "a");
}

TEST_P(lock_contract, keeps_a_lease_over_a_restart_and_expires_what_it_finds) {
  if (!GetParam().durable) {
    GTEST_SKIP() << "gone with the process";
  }
  start(real_clock());
  ASSERT_TRUE(acquire(service(), "long", "anna", 3'600'000));
  const std::string short_lease = acquire(service(), "short", "anna", 100).value().json;
  stop();
  start(real_clock());
  EXPECT_EQ(code_of(acquire(service(), "long", "ben", 1000)), errc::conflict);
  ASSERT_TRUE(sink().wait_for(1));
  EXPECT_THAT(lock_events().front().record.json, HasSubstr(R"("key":"short")"));
  const auto again = services::read_lease(acquire(service(), "short", "ben", 60'000).value().json);
  EXPECT_GT(again->fence, services::read_lease(short_lease)->fence);
  EXPECT_EQ(service().state_of({"short", "none"}), "[" + to_json(*again) + "]");
}

TEST_P(lock_contract, never_trims_what_is_held) {
  options_.now = clock_.reader();
  start(clock_.reader());
  ASSERT_TRUE(acquire(service(), "a", "anna", 3'600'000));
  for (int i = 0; i < 5; ++i) {
    clock_.advance(std::chrono::minutes(59));
    ASSERT_TRUE(acquire(service(), "a", "anna", 3'600'000)) << i;
    create("{}");
    EXPECT_EQ(code_of(acquire(service(), "a", "ben", 1000)), errc::conflict);
  }
}

// Many holders race for one key with short leases, by all ways that a lease ends. Of each key, the
// log has to tell of one holder after the other, and fences that grow.
TEST_P(lock_contract, has_one_holder_at_a_time) {
  start(real_clock());
  constexpr int holders = 8;
  constexpr int rounds = 250;
  constexpr int keys = 3;
  std::atomic<int> granted = 0;
  std::atomic<int> refused = 0;
  const auto hold = [&](int number) {
    const std::string holder = "h" + std::to_string(number);
    for (int round = 0; round < rounds; ++round) {
      const std::string key = "k" + std::to_string(round % keys);
      const auto given = acquire(service(), key, holder, 100);
      if (!given) {
        EXPECT_EQ(given.error().code, errc::conflict) << given.error().message;
        ++refused;
        continue;
      }
      ++granted;
      if (round % 5 != 0) {
        const auto gone = release(service(), key, holder);
        EXPECT_TRUE(gone || gone.error().code == errc::not_found ||
                    gone.error().code == errc::conflict);
      }
    }
  };
  std::vector<std::thread> threads;
  for (int number = 0; number < holders; ++number) {
    threads.emplace_back(hold, number);
  }
  for (std::thread& each : threads) {
    each.join();
  }
  EXPECT_GT(granted, 0);
  EXPECT_GT(refused, 0);

  std::map<std::string, lease> held;
  std::map<std::string, std::uint64_t> fences;
  for (const records::event& each : lock_events()) {
    const lease told = services::read_lease(each.record.json).value();
    const auto now = held.find(told.key);
    switch (each.type) {
      case records::event_type::created:
        ASSERT_EQ(now, held.end()) << told.key << " is held by " << now->second.holder;
        ASSERT_GT(told.fence, fences[told.key]);
        EXPECT_EQ(told.fence, each.offset.position);
        fences[told.key] = told.fence;
        held.emplace(told.key, told);
        break;
      case records::event_type::patched:
        ASSERT_NE(now, held.end());
        ASSERT_EQ(told.holder, now->second.holder);
        ASSERT_EQ(told.fence, now->second.fence);
        now->second = told;
        break;
      default:
        ASSERT_NE(now, held.end());
        ASSERT_EQ(told.fence, now->second.fence);
        held.erase(now);
        break;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(stores, lock_contract, testing::ValuesIn(store_kinds()),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace flowcast::stores
