// The floor that the server is measured against: an epoll loop that frames a publish once and sends
// the ready frame to every websocket client, one send() each, and does nothing else: no limits, no
// heartbeats, no errors worth the name, no parser beyond what the load generator needs. Not a
// server to run.
//
// --to-each N: to N clients instead, others each time. --threads N: so many loops, each with its
// part of the clients.

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

struct connection {
  int descriptor = -1;
  bool websocket = false;
  std::string request;
};

class raw_fanout {
 public:
  raw_fanout(std::uint16_t port, std::size_t to_each) : to_each_(to_each) {
    const int one = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(listener_, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // The C interface of sockets. NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
    if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener_, SOMAXCONN) != 0) {
      std::perror("raw_fanout");
      std::exit(1);
    }
    watch(listener_, EPOLLIN);
    watch(posted_, EPOLLIN);
  }

  // All loops, this one too; before they run.
  void know(std::vector<raw_fanout*> all) { all_ = std::move(all); }

  [[noreturn]] void run() {
    std::vector<epoll_event> ready(512);
    for (;;) {
      const int count = epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), -1);
      for (int i = 0; i < count; ++i) {
        const int descriptor = ready[static_cast<std::size_t>(i)].data.fd;
        if (descriptor == listener_) {
          accept_all();
        } else if (descriptor == posted_) {
          send_posted();
        } else {
          read(descriptor);
        }
      }
    }
  }

 private:
  void watch(int descriptor, unsigned events) const {
    epoll_event event{};
    event.events = events;
    event.data.fd = descriptor;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }

  void accept_all() {
    for (;;) {
      const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (descriptor < 0)
        return;
      const int one = 1;
      setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      if (connections_.size() <= static_cast<std::size_t>(descriptor))
        connections_.resize(static_cast<std::size_t>(descriptor) + 1);
      connections_[static_cast<std::size_t>(descriptor)].descriptor = descriptor;
      watch(descriptor, EPOLLIN);
    }
  }

  void read(int descriptor) {
    connection& from = connections_[static_cast<std::size_t>(descriptor)];
    const ssize_t size = recv(descriptor, buffer_, sizeof buffer_, 0);
    if (size <= 0) {
      if (size < 0 && errno == EAGAIN)
        return;
      close(descriptor);
      std::erase(clients_, descriptor);
      from = {};
      return;
    }
    if (from.websocket) {
      // Its Socket.IO connect packet; nothing else comes.
      send_all(descriptor, std::string_view("\x81\x0c"
                                            R"(40{"sid":"a"})"
                                            "",
                                            14));
      clients_.push_back(descriptor);
      return;
    }
    from.request.append(buffer_, static_cast<std::size_t>(size));
    while (serve(from)) {
    }
  }

  // True: there may be one more request.
  bool serve(connection& from) {
    const std::size_t end = from.request.find("\r\n\r\n");
    if (end == std::string::npos)
      return false;
    const std::string_view head = std::string_view(from.request).substr(0, end);
    if (head.starts_with("GET ")) {
      upgrade(from, head);
      return false;
    }
    std::size_t length = 0;
    constexpr std::string_view length_field = "Content-Length: ";
    if (const std::size_t at = head.find(length_field); at != std::string_view::npos)
      std::from_chars(head.data() + at + length_field.size(), head.data() + end, length);
    if (from.request.size() < end + 4 + length)
      return false;
    publish(from, std::string_view(from.request).substr(end + 4, length));
    from.request.erase(0, end + 4 + length);
    return !from.request.empty();
  }

  void upgrade(connection& from, std::string_view head) {
    constexpr std::string_view key_field = "Sec-WebSocket-Key: ";
    const std::size_t at = head.find(key_field);
    if (at == std::string_view::npos)
      return;
    const std::string key = std::string(head.substr(at + key_field.size(), 24)) +
                            "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[SHA_DIGEST_LENGTH];
    EVP_Digest(key.data(), key.size(), digest, nullptr, EVP_sha1(), nullptr);
    unsigned char accept[32];
    const int length = EVP_EncodeBlock(accept, digest, sizeof digest);
    std::string answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
        "Upgrade\r\nSec-WebSocket-Accept: ";
    answer.append(accept, accept + length).append("\r\n\r\n");
    const std::string_view open =
        R"(0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})";
    answer.append("\x81").append(1, static_cast<char>(open.size())).append(open);
    send_all(from.descriptor, answer);
    from.websocket = true;
    from.request = {};
  }

  void publish(const connection& from, std::string_view body) {
    const std::string record = std::string(body.substr(0, body.size() - 1)) + R"(,"id":)" +
                               std::to_string(next_id_++) + '}';
    send_all(from.descriptor,
             "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: " +
                 std::to_string(record.size()) + "\r\n\r\n" + record);
    const std::string packet = R"(42["microflow created",)" + record + ']';
    std::string frame = "\x81";
    if (packet.size() > 125) {
      frame.append({126, static_cast<char>(packet.size() >> 8), static_cast<char>(packet.size())});
    } else {
      frame.push_back(static_cast<char>(packet.size()));
    }
    frame += packet;
    for (raw_fanout* loop : all_) {
      if (loop != this)
        loop->post(frame);
    }
    send_to_clients(frame);
  }

  // From another loop's thread.
  void post(const std::string& frame) {
    {
      const std::lock_guard lock(mutex_);
      inbox_.push_back(frame);
    }
    eventfd_write(posted_, 1);
  }

  void send_posted() {
    eventfd_t ignored = 0;
    eventfd_read(posted_, &ignored);
    std::vector<std::string> frames;
    {
      const std::lock_guard lock(mutex_);
      frames.swap(inbox_);
    }
    for (const std::string& frame : frames)
      send_to_clients(frame);
  }

  void send_to_clients(const std::string& frame) {
    if (to_each_ == 0) {
      for (const int client : clients_)
        send_all(client, frame);
      return;
    }
    constexpr std::size_t step = 104'729;  // a prime: all have their turn, far from the last ones
    group_ = (group_ + step) % (clients_.size() / to_each_);
    for (std::size_t i = 0; i < to_each_; ++i)
      send_all(clients_[group_ * to_each_ + i], frame);
  }

  static void send_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent =
          send(descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (errno == EAGAIN) {
        pollfd writable{descriptor, POLLOUT, 0};
        poll(&writable, 1, -1);
      } else {
        return;
      }
    }
  }

  int listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  std::vector<connection> connections_;  // by descriptor
  std::vector<int> clients_;
  std::size_t to_each_;  // 0: to all
  std::size_t group_ = 0;
  std::vector<raw_fanout*> all_;
  int posted_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  std::mutex mutex_;
  std::vector<std::string> inbox_;
  long next_id_ = 1;
  char buffer_[64 * 1024] = {};
};

}  // namespace

int main(int count, char** arguments) {
  std::size_t port = 0;
  std::size_t to_each = 0;
  std::size_t threads = 1;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = arguments[i];
    const std::string_view text = arguments[i + 1];
    std::size_t& into = name == "--to-each" ? to_each : name == "--threads" ? threads : port;
    std::from_chars(text.data(), text.data() + text.size(), into);
  }
  if (port == 0 || port > 65535 || threads == 0) {
    std::fputs("usage: raw_fanout --port N [--to-each N] [--threads N]\n", stderr);
    return 2;
  }
  std::vector<std::unique_ptr<raw_fanout>> loops;
  std::vector<raw_fanout*> all;
  for (std::size_t i = 0; i < threads; ++i) {
    loops.push_back(std::make_unique<raw_fanout>(static_cast<std::uint16_t>(port), to_each));
    all.push_back(loops.back().get());
  }
  for (raw_fanout* loop : all)
    loop->know(all);
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < threads; ++i)
    others.emplace_back([loop = all[i]] { loop->run(); });
  all[0]->run();
}
