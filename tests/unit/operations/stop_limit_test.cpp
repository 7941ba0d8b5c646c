#include "operations/stop_limit.hpp"

#include <array>
#include <chrono>
#include <future>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace flowcast::operations {
namespace {

using namespace std::chrono_literals;

TEST(stop_limit, ends_the_process_and_says_what_it_waited_for) {
  std::array<int, 2> ends = {};
  ASSERT_EQ(::pipe(ends.data()), 0);
  std::promise<std::string> ended;
  {
    log log(severity::warning, log_format::text, ends[1]);
    stop_limit limit(log, [&] {
      // All that was said is written by now.
      std::array<char, 4096> text = {};
      const ssize_t size = ::read(ends[0], text.data(), text.size());
      ended.set_value({text.data(), static_cast<std::size_t>(size)});
    });
    limit.waits_for("the store to be closed");
    limit.begin(0ms);
    auto said = ended.get_future();
    ASSERT_EQ(said.wait_for(10s), std::future_status::ready);
    EXPECT_THAT(said.get(), testing::HasSubstr("waits_for=\"the store to be closed\""));
  }
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(stop_limit, does_nothing_where_all_has_stopped_in_time) {
  bool ended = false;
  log log(severity::error, log_format::text, STDERR_FILENO);
  {
    stop_limit limit(log, [&] { ended = true; });
    limit.begin(1h);
  }
  EXPECT_FALSE(ended);
}

TEST(stop_limit, does_nothing_before_it_begins) {
  log log(severity::error, log_format::text, STDERR_FILENO);
  const stop_limit limit(log, [] { FAIL(); });
}

}  // namespace
}  // namespace flowcast::operations
