#include "contract/nats_server.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/free_port.hpp"

namespace flowcast::stores {

namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

const sockaddr* as_socket_address(const sockaddr_in& address) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the sockets' interface
  return reinterpret_cast<const sockaddr*>(&address);
}

bool accepts(int port) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool accepted = connect(probe, as_socket_address(address), sizeof address) == 0;
  ::close(probe);
  return accepted;
}

}  // namespace

nats_server::nats_server(std::filesystem::path directory, int port)
    : directory_(std::move(directory)), port_(port == 0 ? free_port() : port) {
  const std::string port_text = std::to_string(port_);
  const std::string data = directory_.string();
  const std::string log = (directory_ / "nats.log").string();
  process_ = fork();
  if (process_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execlp("nats-server", "nats-server", "-js", "-sd", data.c_str(), "-a", "127.0.0.1", "-p",
           port_text.c_str(), "-l", log.c_str(), nullptr);
    _exit(127);
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!accepts(port_)) {
    int status = 0;
    if (std::chrono::steady_clock::now() > deadline || waitpid(process_, &status, WNOHANG) != 0) {
      throw std::runtime_error("nats-server does not start: is Debian's package installed?");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

nats_server::~nats_server() {
  kill(process_, SIGKILL);
  int status = 0;
  waitpid(process_, &status, 0);
}

void nats_server::stand_still() {
  kill(process_, SIGSTOP);
}

void nats_server::carry_on() {
  kill(process_, SIGCONT);
}

nats_server& nats_server::shared() {
  struct with_directory {
    with_directory() {
      std::string name = (std::filesystem::temp_directory_path() / "flowcast-nats-XXXXXX").string();
      path = mkdtemp(name.data());
      server = std::make_unique<nats_server>(path);
    }
    with_directory(const with_directory&) = delete;
    with_directory& operator=(const with_directory&) = delete;
    ~with_directory() {
      server.reset();
      std::filesystem::remove_all(path);
    }
    std::filesystem::path path;
    std::unique_ptr<nats_server> server;
  };
  static const with_directory one;
  return *one.server;
}

}  // namespace flowcast::stores
