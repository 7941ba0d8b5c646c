#include "operations/log.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <future>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace flowcast::operations {
namespace {

using testing::ElementsAre;
using testing::EndsWith;

// A pipe that the log writes to.
class log_reader {
 public:
  log_reader() {
    if (::pipe(ends_.data()) != 0) {
      throw std::runtime_error("no pipe");
    }
  }
  ~log_reader() {
    ::close(ends_[0]);
    close_writing_end();
  }
  log_reader(const log_reader&) = delete;
  log_reader& operator=(const log_reader&) = delete;

  [[nodiscard]] int descriptor() const { return ends_[1]; }

  void close_writing_end() {
    if (ends_[1] != -1) {
      ::close(ends_[1]);
    }
    ends_[1] = -1;
  }

  // Everything until the writing end is closed.
  [[nodiscard]] std::vector<std::string> lines() const {
    std::string text;
    std::array<char, 65536> block = {};
    for (ssize_t size = 0; (size = ::read(ends_[0], block.data(), block.size())) > 0;)
      text.append(block.data(), static_cast<std::size_t>(size));
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
      lines.push_back(line);
    return lines;
  }

 private:
  std::array<int, 2> ends_ = {-1, -1};
};

TEST(log, writes_a_line_with_time_level_message_and_fields) {
  log_reader reader;
  {
    log to(severity::info, log_format::text, reader.descriptor());
    to.info("client connected", {{"session", "abc"}, {"address", "127.0.0.1"}, {"count", 3}});
  }
  reader.close_writing_end();
  EXPECT_THAT(reader.lines(),
              ElementsAre(testing::MatchesRegex(
                  "[0-9-]+T[0-9:]+\\.[0-9][0-9][0-9]Z info    client connected session=abc "
                  "address=127\\.0\\.0\\.1 count=3")));
}

TEST(log, says_nothing_below_its_level) {
  log_reader reader;
  {
    log to(severity::warning, log_format::text, reader.descriptor());
    EXPECT_FALSE(to.enabled(severity::info));
    to.info("not said");
    to.error("said");
    to.set_least(severity::debug);
    to.debug("said too");
  }
  reader.close_writing_end();
  EXPECT_THAT(reader.lines(), ElementsAre(EndsWith("error   said"), EndsWith("debug   said too")));
}

TEST(log, keeps_a_line_one_line_whatever_a_value_holds) {
  log_reader reader;
  {
    log to(severity::info, log_format::text, reader.descriptor());
    to.info("message", {{"reason", std::string("a\nb \"c\" \x1b[31m \xff")}, {"empty", ""}});
  }
  reader.close_writing_end();
  EXPECT_THAT(reader.lines(), ElementsAre(EndsWith("message reason=\"a\\nb \\\"c\\\" \\u001b[31m "
                                                   "\xef\xbf\xbd\" empty=\"\"")));
}

TEST(log, writes_json_lines_on_request) {
  log_reader reader;
  {
    log to(severity::info, log_format::json, reader.descriptor());
    to.warning("slow \"client\"", {{"address", "::1"}, {"bytes", 12}});
  }
  reader.close_writing_end();
  const std::vector<std::string> lines = reader.lines();
  ASSERT_EQ(lines.size(), 1U);
  const nlohmann::json line = nlohmann::json::parse(lines[0]);
  EXPECT_EQ(line["level"], "warning");
  EXPECT_EQ(line["message"], "slow \"client\"");
  EXPECT_EQ(line["address"], "::1");
  EXPECT_EQ(line["bytes"], 12);
  EXPECT_TRUE(line["time"].is_string());
}

TEST(log, drops_and_counts_what_does_not_fit_and_says_so) {
  log_reader reader;
  const std::string filler(100'000, 'x');
  std::optional<log> to(std::in_place, severity::info, log_format::text, reader.descriptor());
  // The pipe holds less than a line, so the writer stands still and the queue fills up.
  while (to->dropped() < 3)
    to->info(filler);
  std::vector<std::string> lines;
  std::thread reading([&] { lines = reader.lines(); });
  to.reset();
  reader.close_writing_end();
  reading.join();
  EXPECT_THAT(lines, testing::Contains(EndsWith("log lines dropped, the log is not read fast "
                                                "enough lines=3")));
}

TEST(log, ends_though_nobody_reads_any_more) {
  log_reader reader;
  std::optional<log> to(std::in_place, severity::info, log_format::text, reader.descriptor());
  to->info(std::string(100'000, 'x'));
  std::promise<void> ended;
  std::thread ending([&] {
    to.reset();
    ended.set_value();
  });
  EXPECT_EQ(ended.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  // Lets it end where it did not.
  std::thread reading([&] { static_cast<void>(reader.lines()); });
  ending.join();
  reader.close_writing_end();
  reading.join();
}

TEST(parse_severity, knows_the_four_levels) {
  EXPECT_EQ(parse_severity("debug"), severity::debug);
  EXPECT_EQ(parse_severity("error"), severity::error);
  EXPECT_EQ(parse_severity("verbose"), std::nullopt);
}

}  // namespace
}  // namespace flowcast::operations
