#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hub/fan_out.hpp"
#include "unit/hub/fan_out_fixture.hpp"

namespace flowcast::hub {
namespace {

// What a listener should hear, kept in the plainest way there is.
class expectation {
 public:
  explicit expectation(framing frames) : frames_(frames) {}

  bool subscribe(stores::service_index service, const std::string& key) {
    begin_to_choose(service);
    whole_.erase(service);
    return keys_.insert({service, key}).second;
  }
  bool unsubscribe(stores::service_index service, const std::string& key) {
    return keys_.erase({service, key}) == 1;
  }
  bool subscribe_whole(stores::service_index service) {
    if (!chose_ && test_channels()[service].broadcasts)
      return false;
    begin_to_choose(service);
    std::erase_if(keys_, [&](const auto& each) { return each.first == service; });
    return whole_.insert(service).second;
  }
  bool unsubscribe_whole(stores::service_index service) {
    if (chose_)
      return whole_.erase(service) == 1;
    if (!test_channels()[service].broadcasts)
      return false;
    begin_to_choose(service);
    return true;
  }
  void publish(const records::event& event) {
    const bool hears =
        chose_ ? whole_.contains(event.service) || keys_.contains({event.service, event.record.key})
               : test_channels()[event.service].broadcasts;
    if (hears) {
      append_event_frame(
          bytes_, test_channels()[event.service].name, event,
          frames_ == framing::stamped ? records::to_string(event.offset) : std::string());
    }
  }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  // Whether so many bytes are whole frames.
  [[nodiscard]] bool whole_frames(std::size_t bytes) const {
    std::size_t at = 0;
    for (frame_reader reader(bytes_); at < bytes;)
      at = reader.skip();
    return at == bytes;
  }
  [[nodiscard]] std::size_t keys() const { return keys_.size(); }

 private:
  void begin_to_choose(stores::service_index chosen) {
    if (chose_)
      return;
    chose_ = true;
    for (stores::service_index service = 0; service < test_channels().size(); ++service) {
      if (service != chosen && test_channels()[service].broadcasts)
        whole_.insert(service);
    }
  }

  framing frames_;
  bool chose_ = false;
  std::set<stores::service_index> whole_;
  std::set<std::pair<stores::service_index, std::string>> keys_;
  std::string bytes_;
};

struct modelled_session {
  modelled_session(driven_fan_out& driven, framing frames) : real(driven, frames), model(frames) {}

  [[nodiscard]] bool as_far_as_it_goes() const {
    return model.bytes().starts_with(real.sink.bytes());
  }

  test_session real;
  expectation model;
  bool held = false;
};

struct model_case {
  unsigned seed;
  std::size_t max_lag;
  bool together = false;  // sinks send in batches
};

class fan_out_model_test : public testing::TestWithParam<model_case> {
 protected:
  void SetUp() override {
    if (GetParam().together)
      fans_.send_with(batch_);
  }

  void join() {
    const framing frames = chance(2) ? framing::plain : framing::stamped;
    sessions_.push_back(std::make_unique<modelled_session>(driven_, frames));
    if (GetParam().together)
      sessions_.back()->real.sink.send_with(batch_);
    if (chance(3)) {
      sessions_.back()->held = true;
      fans_.hold(sessions_.back()->real.who);
    }
  }

  void leave() {
    if (sessions_.empty())
      return;
    std::swap(sessions_[pick(sessions_.size())], sessions_.back());
    EXPECT_TRUE(sessions_.back()->as_far_as_it_goes());
    ended_ += sessions_.back()->real.sink.overruns();
    sessions_.pop_back();
  }

  void publish() {
    std::vector<records::event> batch;
    for (std::size_t i = 1 + pick(5); i > 0; --i)
      batch.push_back(test_event(any_service(), any_key(), ++driven_.position));
    fans_.deliver(batch);
    for (const auto& each : sessions_) {
      for (const records::event& event : batch)
        each->model.publish(event);
    }
    EXPECT_EQ(fans_.head(), batch.back().offset);
  }

  void choose(modelled_session& who) {
    const stores::service_index service = any_service();
    const std::string key = any_key();
    listener& real = who.real.who;
    if (who.real.sink.overruns() != 0)
      return;
    switch (pick(8)) {
      case 0:
        EXPECT_EQ(fans_.subscribe_whole(real, service), who.model.subscribe_whole(service));
        break;
      case 1:
        EXPECT_EQ(fans_.unsubscribe_whole(real, service), who.model.unsubscribe_whole(service));
        break;
      case 2:
      case 3:
        EXPECT_EQ(fans_.unsubscribe(real, service, key), who.model.unsubscribe(service, key));
        break;
      default:
        EXPECT_EQ(fans_.subscribe(real, service, key), who.model.subscribe(service, key));
    }
    EXPECT_EQ(real.subscriptions(), who.model.keys());
  }

  void disturb(modelled_session& who) {
    switch (pick(6)) {
      case 0:
        who.real.sink.block();
        break;
      case 1:
        who.real.open(pick(100));
        break;
      case 2:
        who.real.open();
        break;
      case 3:
        fans_.flush(who.real.who);
        break;
      default:
        who.held = !who.held;
        if (who.held) {
          fans_.hold(who.real.who);
        } else {
          fans_.release(who.real.who);
        }
    }
    EXPECT_TRUE(who.as_far_as_it_goes());
  }

  // All sockets open, nobody held, all turns taken: whoever was not ended has had everything.
  void settle() {
    for (const auto& each : sessions_) {
      each->held = false;
      fans_.release(each->real.who);
      each->real.open();
    }
    driven_.run_all();
    for (const auto& each : sessions_) {
      if (each->real.sink.overruns() == 0) {
        EXPECT_EQ(each->real.sink.bytes(), each->model.bytes());
      } else {
        EXPECT_TRUE(each->as_far_as_it_goes());
        EXPECT_TRUE(each->model.whole_frames(each->real.sink.bytes().size()));
        EXPECT_EQ(each->real.sink.overruns(), 1U);
      }
    }
    EXPECT_EQ(fans_.listeners(), sessions_.size());
    EXPECT_EQ(fans_.counters().waiting_bytes.value(), 0U);
  }

  void step() {
    switch (pick(10)) {
      case 0:
        if (sessions_.size() < 40)
          join();
        break;
      case 1:
        if (chance(3))
          leave();
        break;
      case 2:
      case 3:
        publish();
        break;
      case 4:
      case 5:
        if (!sessions_.empty())
          choose(any_session());
        break;
      case 6:
        if (!sessions_.empty())
          disturb(any_session());
        break;
      default:
        driven_.turn();
    }
  }

  std::size_t pick(std::size_t below) { return random_() % below; }
  bool chance(std::size_t one_in) { return pick(one_in) == 0; }
  stores::service_index any_service() { return static_cast<stores::service_index>(pick(3)); }
  std::string any_key() { return {static_cast<char>('a' + pick(6))}; }
  modelled_session& any_session() { return *sessions_[pick(sessions_.size())]; }

  std::mt19937 random_{GetParam().seed};
  driven_fan_out driven_{{.max_lag = GetParam().max_lag, .slice = 3, .congested_at = 100'000}};
  fan_out& fans_ = driven_.fans;
  fake_batch batch_;
  std::vector<std::unique_ptr<modelled_session>> sessions_;
  std::size_t ended_ = 0;
};

TEST_P(fan_out_model_test, each_hears_what_it_listens_to_in_order_and_once) {
  for (int round = 0; round < 60; ++round) {
    for (int i = 0; i < 250; ++i)
      step();
    settle();
    ASSERT_FALSE(HasFailure()) << "seed " << GetParam().seed << ", round " << round;
  }
  // Where the limit is low some were ended, and nobody where it is never reached.
  EXPECT_EQ(ended_ > 0, GetParam().max_lag < 10'000);
}

INSTANTIATE_TEST_SUITE_P(seeds, fan_out_model_test,
                         testing::Values(model_case{1, 1'000'000}, model_case{2, 1'000'000},
                                         model_case{3, 1'000'000}, model_case{4, 1'000},
                                         model_case{5, 1'000}, model_case{6, 300},
                                         model_case{7, 1'000'000, true}, model_case{8, 1'000, true},
                                         model_case{9, 300, true}),
                         [](const auto& each) {
                           return "seed_" + std::to_string(each.param.seed) + "_lag_" +
                                  std::to_string(each.param.max_lag) +
                                  (each.param.together ? "_together" : "");
                         });

}  // namespace
}  // namespace flowcast::hub
