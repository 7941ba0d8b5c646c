#include "web/server_control.hpp"

#include <array>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace flowcast::demo {
namespace {

using namespace std::chrono_literals;
using way = server_control::way;

TEST(server_control_test, asks_nobody_where_there_is_no_supervisor) {
  EXPECT_FALSE(server_control({}).is_there());
  EXPECT_FALSE(server_control({}).restart(way::stop, 1s));
  EXPECT_FALSE(server_control("/nonexistent/pipe").restart(way::stop, 1s));
}

TEST(server_control_test, writes_a_line_to_whoever_reads_the_pipe) {
  const auto pipe = std::filesystem::path(testing::TempDir()) / "flowcast_server_control_test";
  std::filesystem::remove(pipe);
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const server_control control(pipe);
  EXPECT_FALSE(control.restart(way::kill, 1s)) << "nobody reads it yet";
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  EXPECT_TRUE(control.restart(way::kill, 2s));
  EXPECT_TRUE(control.restart(way::stop, 0s));
  std::array<char, 64> line{};
  ASSERT_GT(::read(reader, line.data(), line.size() - 1), 0);
  EXPECT_EQ(std::string(line.data()), "KILL 2000\nTERM 0\n");
  ::close(reader);
  std::filesystem::remove(pipe);
}

TEST(server_control_test, knows_the_names_of_this_machine) {
  for (const char* const host : {"localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
  }
  for (const char* const host : {"", "example.com", "localhost.example.com", "127.0.0.10:8080"}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

}  // namespace
}  // namespace flowcast::demo
