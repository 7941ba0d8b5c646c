#include "http/connection.hpp"

#include <utility>

#include "http/coarse_clock.hpp"
#include "http/door.hpp"

namespace flowcast::http {

namespace {

// Buffers read from one socket before the others have their turn.
constexpr int reads_a_turn = 4;
using realtime::next_step;
constexpr auto never = std::chrono::steady_clock::time_point::max();
constexpr auto linger_time = std::chrono::seconds(2);
constexpr std::size_t linger_bytes = std::size_t{8} * 1024 * 1024;
// What a client may send behind a request that is still being answered.
constexpr std::size_t most_ahead = std::size_t{64} * 1024;

// Of a request that cannot be read.
operations::rejection reason_of(unsigned status) {
  switch (status) {
    case 413:
      return operations::rejection::body_size;
    case 431:
      return operations::rejection::header_size;
    default:
      return operations::rejection::malformed;
  }
}

}  // namespace

connection::connection(door& owner, connection_id id, realtime::stream socket, std::string address,
                       observer_way to_observe)
    : owner_(owner),
      id_(id),
      way_(to_observe),
      stream_(std::move(socket)),
      parser_(owner.options()),
      address_(std::move(address)) {}

connection::~connection() {
  if (in_set_) {
    owner_.sockets().remove(stream_.descriptor(), *this);
  }
  owner_.unsent().take(output_.size());
}

void connection::start() {
  phase_ = phase::head;
  set_deadline(owner_.options().header_timeout);
  // The request has often arrived with the connection; a websocket then never enters the set.
  read();
  if (phase_ == phase::ended) {
    return;
  }
  in_set_ = owner_.sockets().add(stream_.descriptor(), *this);
  if (!in_set_) {
    end();
  }
}

void connection::on_ready(realtime::readiness now) {
  door& owner = owner_;
  owner.gather_answers();
  if (now.writable && phase_ == phase::writing) {
    write_rest();
  }
  if (now.readable || now.hung_up) {
    unread_ = true;
    hung_up_ = hung_up_ || now.hung_up;
    if (may_read()) {
      read();
    }
  }
  owner.bury();  // this too, perhaps
}

bool connection::may_read() const {
  switch (phase_) {
    case phase::idle:
    case phase::head:
    case phase::body:
    case phase::lingering:
      return true;
    case phase::answering:
      return poll_ != nullptr;  // an aborted poll must be noticed
    case phase::answered:
    case phase::writing:
    case phase::ended:
      return false;
  }
  return false;
}

void connection::read() {
  const std::span<char> buffer = owner_.sockets().buffer();
  for (int turn = 0; turn < reads_a_turn; ++turn) {
    const realtime::transfer got = stream_.receive(buffer);
    if (got.then == next_step::ended) {
      end();
      return;
    }
    if (got.bytes > 0) {
      take({buffer.data(), got.bytes});
    }
    if (phase_ == phase::ended) {
      return;
    }
    if (got.then == next_step::wait && (got.bytes == 0 || !hung_up_)) {
      unread_ = false;
      return;
    }
    if (!may_read()) {
      return;
    }
  }
  owner_.sockets().read_on(*this);
}

void connection::take(std::string_view bytes) {
  if (phase_ == phase::lingering) {
    lingered_ += bytes.size();
    if (lingered_ > linger_bytes) {
      end();
    }
    return;
  }
  if (phase_ == phase::answering) {
    // The watch over a poll: the client is there, and ahead of us.
    if (input_.size() + bytes.size() > most_ahead) {
      end();
      return;
    }
    input_ += bytes;
    return;
  }
  if (input_.empty()) {
    input_ = parse(bytes);
  } else {
    input_ += bytes;
    const std::string_view rest = parse(input_);
    input_.erase(0, input_.size() - rest.size());
  }
  if (input_.empty() && input_.capacity() > most_ahead) {
    input_ = std::string();
  }
}

std::string_view connection::parse(std::string_view bytes) {
  parsing_ = true;
  while (!bytes.empty()) {
    if (phase_ == phase::idle) {
      phase_ = phase::head;
      set_deadline(owner_.options().header_timeout);
    }
    const std::size_t taken = parser_.feed(bytes);
    bytes.remove_prefix(taken);
    if (parser_.at() == request_parser::state::failed) {
      refuse(parser_.why().status, parser_.why().message, reason_of(parser_.why().status));
      break;
    }
    if (parser_.at() == request_parser::state::complete) {
      ahead_ = bytes;
      serve();
      if (phase_ != phase::idle) {
        break;
      }
      continue;
    }
    if (parser_.at() == request_parser::state::body && phase_ == phase::head) {
      phase_ = phase::body;
      set_deadline(owner_.options().body_timeout);
      if (in().expects_continue && bytes.empty() && in().body.empty()) {
        // A socket that does not even take this has no room for an answer either.
        constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        if (stream_.send(go_on).bytes != go_on.size()) {
          end();
          break;
        }
      }
    }
    if (taken == 0) {
      break;
    }
  }
  parsing_ = false;
  ahead_ = {};
  return phase_ == phase::lingering || phase_ == phase::ended ? std::string_view() : bytes;
}

void connection::serve() {
  phase_ = phase::answering;
  deadline_ = never;
  owner_.serve(*this);
}

void connection::respond(const response& made, std::string_view cross_origin) {
  if (phase_ != phase::answering) {
    return;
  }
  poll_.reset();
  phase_ = phase::answered;
  const auto append = [&](std::string& bytes) {
    keep_alive_ = owner_.writer().append(bytes, in(), made, cross_origin, owner_.is_draining());
  };
  // A client that has sent more gets its answers one by one, as it sent its requests.
  if (ahead_.empty() && input_.empty() && owner_.gathered().has_room(made.body.size())) {
    owner_.gathered().gather(id_, append);
    return;
  }
  std::string& bytes = owner_.scratch();
  bytes.clear();
  append(bytes);
  write(bytes);
}

void connection::refuse(unsigned status, std::string_view message, operations::rejection why) {
  phase_ = phase::answering;
  in().keep_alive = false;
  in().if_none_match.clear();
  owner_.refuse(*this, status, message, why);
}

void connection::keep(std::unique_ptr<realtime::pending_poll> poll) {
  if (phase_ != phase::answering) {
    return;  // already answered
  }
  poll_ = std::move(poll);
}

std::optional<connection::released> connection::switch_protocols(std::string_view answer) {
  // 101 is the first thing ever sent on most connections, and always fits; a socket that is full
  // of unread answers is no loss.
  if (stream_.send(answer).bytes != answer.size()) {
    end();
    return std::nullopt;
  }
  if (in_set_) {
    owner_.sockets().remove(stream_.descriptor(), *this);
    in_set_ = false;
  }
  released given{std::move(stream_), std::string(ahead_)};
  end();
  return given;
}

void connection::write_together(std::string_view bytes) {
  if (stream_.is_secure() || !owner_.together().add(stream_.descriptor(), bytes, *this,
                                                    realtime::send_batch::report::always)) {
    write(bytes);
  }
}

void connection::send_alone(std::string_view bytes) {
  write(bytes);
}

void connection::write(std::string_view bytes) {
  on_sent(bytes, stream_.send(bytes));
}

void connection::on_sent(std::string_view bytes, realtime::transfer how) {
  if (phase_ != phase::answered) {
    return;  // ended meanwhile
  }
  if (how.then == next_step::ended) {
    end();
    return;
  }
  if (how.then == next_step::wait) {
    phase_ = phase::writing;
    output_.assign(bytes.substr(how.bytes));
    owner_.unsent().add(output_.size());
    set_deadline(owner_.options().write_timeout);
    return;  // on_ready goes on
  }
  answer_done();
}

void connection::write_rest() {
  const realtime::transfer done = stream_.send(output_);
  if (done.then == next_step::ended) {
    end();
    return;
  }
  if (done.bytes > 0) {
    output_.erase(0, done.bytes);
    owner_.unsent().take(done.bytes);
    set_deadline(owner_.options().write_timeout);
  }
  if (done.then == next_step::wait) {
    return;
  }
  output_ = std::string();
  answer_done();
}

void connection::answer_done() {
  if (!keep_alive_) {
    linger();
    return;
  }
  phase_ = phase::idle;
  set_deadline(owner_.options().idle_timeout);
  parser_.next();
  if (parsing_) {
    return;
  }
  if (!input_.empty()) {
    const std::string_view rest = parse(input_);
    input_.erase(0, input_.size() - rest.size());
  }
  if (unread_ && may_read()) {
    read();
  }
}

void connection::linger() {
  const bool all_read = parser_.at() == request_parser::state::complete &&
                        (parsing_ ? ahead_.empty() : input_.empty());
  stream_.finish();
  if (all_read) {
    end();
    return;
  }
  phase_ = phase::lingering;
  set_deadline(linger_time);
  if (unread_ && !parsing_) {
    read();
  }
}

void connection::expire() {
  if (phase_ == phase::head && parser_.has_begun()) {
    refuse(408, "the request did not arrive in time", operations::rejection::header_timeout);
  } else if (phase_ == phase::body) {
    refuse(408, "the body of the request did not arrive in time",
           operations::rejection::body_timeout);
  } else {
    if (phase_ == phase::writing) {
      owner_.count_refusal(*this, operations::rejection::write_timeout,
                           "the answer was not taken in time");
    }
    end();
  }
}

void connection::give_up() {
  owner_.count_refusal(*this, operations::rejection::outbound_size,
                       "the answer was not taken, and too many others wait likewise");
  end();
}

void connection::end() {
  if (phase_ == phase::ended) {
    return;
  }
  phase_ = phase::ended;
  poll_.reset();
  owner_.forget(id_);
}

void connection::set_deadline(std::chrono::milliseconds from_now) {
  deadline_ = coarse_now() + from_now;
}

}  // namespace flowcast::http
