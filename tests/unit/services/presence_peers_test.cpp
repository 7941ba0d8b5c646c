#include "services/presence_peers.hpp"

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowcast::services {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

// Some nodes, what is on its way between them, and one clock.
struct presence_nodes : testing::Test {
  struct node {
    explicit node(std::string name, const presence_options& options)
        : roster(name, options), peers(name, options, roster) {}
    presence_roster roster;
    presence_peers peers;
    bool alive = true;
  };

  node& add(const std::string& name) {
    nodes.push_back(std::make_unique<node>(name, options));
    nodes.back()->peers.start(now);
    pass(milliseconds(0));
    return *nodes.back();
  }
  // Carries messages until there are none; without those of `deaf`, which are lost.
  void pass(milliseconds time, const node* deaf = nullptr) {
    now += time;
    bool more = true;
    while (more) {
      more = false;
      for (const auto& from : nodes) {
        if (!from->alive)
          continue;
        from->roster.advance(now, [](const std::string&, std::string) {});
        from->peers.advance(now);
        for (const std::string& each : from->peers.take_outgoing()) {
          more = true;
          for (const auto& to : nodes) {
            if (to->alive && to.get() != deaf)
              to->peers.on_message(each, now);
          }
        }
      }
    }
  }
  void join(node& at, session_number session, const std::string& user) {
    at.roster.set(session, "k", {user, user, false}, ++wall, now);
  }
  static std::string seen(const node& by) { return by.roster.state_of("k"); }

  presence_options options;
  presence_roster::time now{std::chrono::hours(1)};
  std::int64_t wall = 1;
  std::vector<std::unique_ptr<node>> nodes;
};

TEST_F(presence_nodes, see_each_others_users) {
  node& a = add("a");
  node& b = add("b");
  join(a, 1, "anna");
  join(b, 1, "ben");
  join(b, 2, "anna");
  pass(milliseconds(1));
  EXPECT_THAT(seen(a), HasSubstr(R"("count":2,"names":["anna","ben"])"));
  EXPECT_EQ(seen(a), seen(b));
  a.roster.leave(1, "k", now);
  pass(milliseconds(1));
  b.roster.leave(1, "k", now);
  pass(milliseconds(1));
  EXPECT_THAT(seen(a), HasSubstr(R"("names":["anna"])"));
  EXPECT_EQ(seen(a), seen(b));
}

TEST_F(presence_nodes, tell_a_new_one_everything) {
  node& a = add("a");
  for (session_number session = 1; session <= 500; ++session) {
    join(a, session, "user" + std::to_string(session));
  }
  pass(milliseconds(1));
  const node& b = add("b");
  EXPECT_THAT(seen(b), HasSubstr(R"("count":500)"));
}

TEST_F(presence_nodes, ask_for_what_they_missed) {
  node& a = add("a");
  node& b = add("b");
  join(a, 1, "anna");
  pass(milliseconds(1), &b);
  EXPECT_THAT(seen(b), HasSubstr(R"("count":0)"));
  join(a, 2, "ben");
  pass(milliseconds(1));
  EXPECT_THAT(seen(b), HasSubstr(R"("count":2)"));
  // Also where nothing more changes: the heartbeat tells.
  a.roster.leave(1, "k", now);
  pass(milliseconds(1), &b);
  EXPECT_THAT(seen(b), HasSubstr(R"("count":2)"));
  pass(options.timeout / 3);
  EXPECT_THAT(seen(b), HasSubstr(R"("count":1)"));
}

TEST_F(presence_nodes, forget_one_that_is_silent) {
  node& a = add("a");
  const node& b = add("b");
  join(a, 1, "anna");
  for (int i = 0; i < 20; ++i) {
    pass(options.timeout / 3);
  }
  EXPECT_THAT(seen(b), HasSubstr(R"("count":1)"));
  a.alive = false;
  pass(options.timeout - milliseconds(1));
  EXPECT_THAT(seen(b), HasSubstr(R"("count":1)"));
  pass(milliseconds(1));
  EXPECT_THAT(seen(b), HasSubstr(R"("count":0)"));
}

TEST_F(presence_nodes, keep_the_users_of_one_that_stops_for_the_grace) {
  node& a = add("a");
  node& b = add("b");
  join(a, 1, "anna");
  pass(milliseconds(1));
  a.peers.stop();
  pass(milliseconds(0));
  a.alive = false;
  pass(options.grace - milliseconds(1));
  EXPECT_THAT(seen(b), HasSubstr(R"("count":1)"));
  join(b, 1, "anna");
  pass(milliseconds(1));
  EXPECT_THAT(seen(b), HasSubstr(R"("count":1)"));
  pass(options.timeout);
  EXPECT_THAT(seen(b), HasSubstr(R"("count":1)"));
}

TEST_F(presence_nodes, take_no_harm_from_what_others_say) {
  node& a = add("a");
  join(a, 1, "anna");
  for (const char* json : {"", "x", "{}", R"({"node":5})", R"({"node":"b","n":-1})",
                           R"({"node":"b","n":1,"changes":5})",
                           R"({"node":"b","n":2,"changes":[5,[],["k"],["",""],["k",7]]})",
                           R"({"node":"b","n":9,"whole":[],"part":3,"of":2})",
                           R"({"node":"a","n":9,"whole":[],"part":1,"of":1})",
                           R"({"node":"b","n":3,"whole":{},"part":1,"of":1})"}) {
    a.peers.on_message(json, now);
    pass(milliseconds(1));
  }
  EXPECT_THAT(seen(a), HasSubstr(R"("count":1,"names":["anna"])"));
}

}  // namespace
}  // namespace flowcast::services
