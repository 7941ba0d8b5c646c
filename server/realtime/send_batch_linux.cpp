#include <array>
#include <cerrno>
#include <limits>
#include <utility>

#include <liburing.h>
#include <sys/socket.h>

#include "realtime/send_batch.hpp"

namespace flowcast::realtime {

namespace {

// No result of a send.
constexpr int no_result = std::numeric_limits<int>::min();

transfer what_became(std::string_view of, int result) {
  if (result < 0)
    return {0, result == -EAGAIN ? next_step::wait : next_step::ended};
  const auto bytes = static_cast<std::size_t>(result);
  return {bytes, bytes < of.size() ? next_step::wait : next_step::go_on};
}

}  // namespace

// A ring whose sends are done by the time that they are handed in: none may wait (MSG_DONTWAIT).
// All its entries are made once, and differ in whom and what alone.
struct send_batch::system {
  system() {
    // Of Linux 5.18 to 6.0; an older kernel does the same without them, a little slower.
    io_uring_params best{};
    best.flags = IORING_SETUP_SUBMIT_ALL | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SINGLE_ISSUER;
    exists = io_uring_queue_init_params(most_sends, &ring, &best) == 0 ||
             io_uring_queue_init(most_sends, &ring, 0) == 0;
    for (std::size_t i = 0; exists && i < most_sends; ++i) {
      io_uring_prep_send(&ring.sq.sqes[i], -1, nullptr, 0, MSG_DONTWAIT | MSG_NOSIGNAL);
      io_uring_sqe_set_data64(&ring.sq.sqes[i], i);
    }
  }
  ~system() {
    if (exists)
      io_uring_queue_exit(&ring);
  }
  system(const system&) = delete;
  system& operator=(const system&) = delete;

  // Entries are used in turn, and there are as many as sends: the next one is free.
  void add(socket_handle socket, std::string_view bytes, batched_sender& by, report when) {
    const std::size_t place = tail++ % most_sends;
    io_uring_sqe& entry = ring.sq.sqes[place];
    entry.fd = socket;
    entry.addr = reinterpret_cast<std::uintptr_t>(bytes.data());  // NOLINT: the kernel's way
    entry.len = static_cast<std::uint32_t>(bytes.size());
    senders[place] = {&by, when == report::always ? no_result : static_cast<int>(bytes.size())};
  }

  // False: the ring is of no more use.
  bool send(unsigned count) {
    bool works = true;
    ring.sq.sqe_tail = tail;
    while (works && io_uring_cq_ready(&ring) < count) {
      const int handed_in = io_uring_submit_and_wait(&ring, count);
      works = handed_in >= 0 || handed_in == -EINTR;
    }
    const unsigned results = io_uring_cq_ready(&ring);
    const unsigned head = *ring.cq.khead;
    for (unsigned i = head; i != head + results; ++i) {
      const io_uring_cqe& result = ring.cq.cqes[i & ring.cq.ring_mask];
      sender& of = senders[result.user_data];
      if (result.res != of.expected)
        tell(result.user_data, result.res);
      if (!works)
        of.by = nullptr;
    }
    io_uring_cq_advance(&ring, results);
    if (!works)
      send_rest(count);
    return works;
  }

  // What has no result.
  void send_rest(unsigned count) {
    for (unsigned i = tail - count; i != tail; ++i) {
      const std::size_t place = i % most_sends;
      if (senders[place].by != nullptr)
        senders[place].by->send_alone(bytes_of(place));
    }
  }

  void tell(std::size_t place, int result) {
    batched_sender& by = *senders[place].by;
    if (result == -EINTR) {
      by.send_alone(bytes_of(place));
    } else {
      by.on_sent(bytes_of(place), what_became(bytes_of(place), result));
    }
  }

  [[nodiscard]] std::string_view bytes_of(std::size_t place) const {
    const io_uring_sqe& entry = ring.sq.sqes[place];
    return {reinterpret_cast<const char*>(entry.addr), entry.len};  // NOLINT: the kernel's way
  }

  struct sender {
    batched_sender* by = nullptr;
    int expected = no_result;  // of this it is not told
  };

  io_uring ring{};
  std::array<sender, most_sends> senders;
  unsigned tail = 0;  // how many entries were used
  bool exists = false;
};

send_batch::send_batch(bool wanted) : works_(wanted) {}

send_batch::~send_batch() = default;

void send_batch::open() {
  limit_ = works_ ? most_sends : 0;
}

bool send_batch::add(socket_handle socket, std::string_view bytes, batched_sender& by,
                     report when) {
  if (count_ >= limit_ || bytes.size() > most_bytes)
    return false;
  if (count_ < 2)
    return begin({socket, bytes, &by, when});
  system_->add(socket, bytes, by, when);
  ++count_;
  return true;
}

// Apart from add(), so that this stays small where thousands are served.
bool send_batch::begin(const planned& one) {
  if (count_ == 0) {
    first_ = one;
    count_ = 1;
    return true;
  }
  // Made by the first that needs it, and so on the thread that will use it.
  if (!system_)
    system_ = std::make_unique<system>();
  if (!system_->exists) {
    give_up();
    return false;
  }
  system_->add(first_.socket, first_.bytes, *first_.by, first_.when);
  system_->add(one.socket, one.bytes, *one.by, one.when);
  count_ = 2;
  return true;
}

void send_batch::flush() {
  const std::size_t count = std::exchange(count_, 0);
  if (count == 1) {
    first_.by->send_alone(first_.bytes);
  } else if (count > 1) {
    if (system_->send(static_cast<unsigned>(count))) {
      sent_together_.add(count);
    } else {
      give_up();
    }
  }
}

void send_batch::close() {
  limit_ = 0;
  flush();
}

void send_batch::give_up() {
  works_ = false;
  limit_ = 0;
  system_.reset();
}

}  // namespace flowcast::realtime
