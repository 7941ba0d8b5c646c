#include "bench/server_process.hpp"

#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/load/event_loop.hpp"

namespace flowcast::bench {

namespace {
constexpr std::int64_t patience_ns = 60'000'000'000;
}

server_process::server_process(const std::vector<std::string>& command, std::uint16_t port,
                               std::string log)
    : port_(port), log_(std::move(log)), started_(now_ns()) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& each : command)
    arguments.push_back(const_cast<char*>(each.c_str()));  // execvp() does not write to them
  arguments.push_back(nullptr);
  pid_ = fork();
  if (pid_ < 0)
    throw std::runtime_error("fork failed");
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int output = open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
}

void server_process::end() {
  kill(pid_, SIGTERM);
  for (const std::int64_t began = now_ns(); waitpid(pid_, nullptr, WNOHANG) != pid_; usleep(1000)) {
    if (now_ns() - began > patience_ns)
      throw std::runtime_error("the server does not end; its output is in " + log_);
  }
  ended_ = true;
}

server_process::~server_process() {
  if (ended_)
    return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

double server_process::wait_until_listening() const {
  while (now_ns() - started_ < patience_ns) {
    const int probe = connect_loopback(port_);
    if (probe >= 0) {
      const auto took = static_cast<double>(now_ns() - started_) / 1e6;
      close_at_once(probe);
      return took;
    }
    if (waitpid(pid_, nullptr, WNOHANG) == pid_)
      break;
    usleep(500);
  }
  throw std::runtime_error("the server does not listen; its output is in " + log_);
}

std::int64_t server_process::cpu_ns() const {
  std::int64_t sum = 0;
  const std::string tasks = "/proc/" + std::to_string(pid_) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks)) {
    std::ifstream file(task.path() / "schedstat");
    std::int64_t on_cpu = 0;
    file >> on_cpu;
    sum += on_cpu;
  }
  return sum;
}

std::size_t server_process::private_bytes() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/smaps_rollup");
  std::size_t sum = 0;
  for (std::string word; file >> word;) {
    if (word == "Private_Clean:" || word == "Private_Dirty:") {
      std::size_t kilobytes = 0;
      file >> kilobytes;
      sum += kilobytes * 1024;
    }
  }
  return sum;
}

std::int64_t own_cpu_ns() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::int64_t{used.tv_sec} * 1'000'000'000 + used.tv_nsec;
}

}  // namespace flowcast::bench
