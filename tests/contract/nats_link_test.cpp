// The link to NATS against a real server, where the client library has to be watched from within:
// two of its functions are replaced here. A program of its own therefore.
#include "stores/nats_link.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nats/nats.h>

#include "contract/nats_server.hpp"

namespace flowcast::stores {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 20s;

// Holds up the library's reading thread where it has found the subscription of a message, and has
// not touched it yet.
class reading_thread {
 public:
  void hold_next() {
    const std::lock_guard lock(mutex_);
    wanted_ = true;
  }
  [[nodiscard]] bool wait_until_held() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [this] { return held_; });
  }
  [[nodiscard]] bool held() {
    const std::lock_guard lock(mutex_);
    return held_;
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    wanted_ = false;
    held_ = false;
    changed_.notify_all();
  }
  void passes() {
    std::unique_lock lock(mutex_);
    if (wanted_) {
      wanted_ = false;
      held_ = true;
      changed_.notify_all();
      changed_.wait(lock, [this] { return !held_; });
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false;
  bool held_ = false;
};

reading_thread reading;
std::atomic<int> freed = 0;
std::atomic<int> freed_in_use = 0;

template <class Function>
Function* from_library(Function* /*replaced*/, const char* name) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): dlsym's interface
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

TEST(nats_link, keeps_a_subscription_for_as_long_as_the_library_uses_it) {
  nats_address address;
  address.urls = nats_server::shared().url();
  address.stream = "KEPT";
  auto link = std::make_unique<nats_link>(address, 120s, [](const publish_answer& /*answer*/) {});
  auto reader = link->read_from(1);
  ASSERT_NE(reader, nullptr);

  reading.hold_next();
  ASSERT_TRUE(link->publish("{}", "one"));
  if (!reading.wait_until_held()) {
    GTEST_SKIP() << "this version of the library has no such moment";
  }
  reader.reset();
  EXPECT_EQ(freed, 0);
  reading.let_go();

  reader = link->read_from(1);
  ASSERT_NE(reader, nullptr);
  EXPECT_EQ(freed, 1) << "what was read before is not kept for ever";
  stream_message message;
  EXPECT_EQ(reader->next(message, patience), stream_reader::state::message);
  EXPECT_EQ(message.payload, "{}");

  reader.reset();
  link.reset();
  EXPECT_EQ(freed_in_use, 0);
}

}  // namespace
}  // namespace flowcast::stores

extern "C" {

// The library's own, between finding a subscription and using it.
natsStatus natsMsg_create(natsMsg** made, const char* subject, int subject_size, const char* reply,
                          int reply_size, const char* payload, int size, int head_size);
natsStatus natsMsg_create(natsMsg** made, const char* subject, int subject_size, const char* reply,
                          int reply_size, const char* payload, int size, int head_size) {
  static auto* const create = flowcast::stores::from_library(&natsMsg_create, "natsMsg_create");
  // A message of the stream, and none that is about to be published.
  if (reply_size > 0 &&
      std::string(subject, static_cast<std::size_t>(subject_size)) == "KEPT.log") {
    flowcast::stores::reading.passes();
  }
  return create(made, subject, subject_size, reply, reply_size, payload, size, head_size);
}

void natsSubscription_Destroy(natsSubscription* subscription) {
  static auto* const destroy =
      flowcast::stores::from_library(&natsSubscription_Destroy, "natsSubscription_Destroy");
  ++flowcast::stores::freed;
  if (flowcast::stores::reading.held()) {
    ++flowcast::stores::freed_in_use;  // and not freed: this process has more to say
    return;
  }
  destroy(subscription);
}

}  // extern "C"
