#include "http/connection.hpp"

#include <utility>

#include "http/door.hpp"

namespace flowcast::http {

namespace {

constexpr auto never = std::chrono::steady_clock::time_point::max();
constexpr auto linger_time = std::chrono::seconds(2);
constexpr std::size_t linger_bytes = std::size_t{4} * 1024 * 1024;
// What a client may send behind a request that is still being answered.
constexpr std::size_t most_ahead = std::size_t{64} * 1024;

}  // namespace

connection::connection(door& owner, connection_id id, tcp_socket socket, std::string address)
    : owner_(owner),
      id_(id),
      stream_(std::move(socket)),
      parser_(owner.options()),
      address_(std::move(address)) {}

void connection::start() {
  if (!stream_.open()) {
    end();
    return;
  }
  phase_ = phase::head;
  set_deadline(owner_.options().header_timeout);
  read();  // the request has often arrived with the connection
}

void connection::read() {
  for (;;) {
    const std::span<char> buffer = owner_.buffer();
    const stream::outcome got = stream_.receive(buffer);
    if (got.next == stream::next::ended) {
      end();
      return;
    }
    if (got.next != stream::next::go_on) {
      wait(got.next);
      return;
    }
    if (got.bytes == 0) {
      end();
      return;
    }
    take({buffer.data(), got.bytes});
    const bool reads_on = phase_ == phase::idle || phase_ == phase::head || phase_ == phase::body ||
                          phase_ == phase::lingering;
    if (!reads_on) {
      if (phase_ == phase::answering && poll_) {
        wait(stream::next::wait_to_read);
      }
      return;
    }
    if (got.bytes < buffer.size()) {
      wait(stream::next::wait_to_read);
      return;
    }
  }
}

void connection::wait(stream::next until) {
  bool& waiting = until == stream::next::wait_to_write ? waiting_to_write_ : waiting_to_read_;
  if (std::exchange(waiting, true)) {
    return;
  }
  stream_.wait(until, [owner = &owner_, id = id_, until](const boost::system::error_code& failed) {
    if (connection* self = owner->find(id)) {
      self->on_ready(until, static_cast<bool>(failed));
    }
    owner->bury();
  });
}

void connection::on_ready(stream::next was, bool aborted) {
  (was == stream::next::wait_to_write ? waiting_to_write_ : waiting_to_read_) = false;
  if (aborted) {
    end();
  } else if (was == stream::next::wait_to_write) {
    write_rest();
  } else if (phase_ != phase::writing && phase_ != phase::ended) {
    read();
  }
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
      refuse(parser_.why().status, parser_.why().message);
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
  std::string& bytes = owner_.scratch();
  bytes.clear();
  keep_alive_ = owner_.writer().append(bytes, in(), made, cross_origin);
  phase_ = phase::writing;
  write(bytes);
}

void connection::refuse(unsigned status, std::string_view message) {
  phase_ = phase::answering;
  in().keep_alive = false;
  in().if_none_match.clear();
  owner_.refuse(*this, status, message);
}

void connection::keep(std::unique_ptr<realtime::pending_poll> poll) {
  if (phase_ != phase::answering) {
    return;  // already answered
  }
  poll_ = std::move(poll);
  wait(stream::next::wait_to_read);
}

std::optional<connection::released> connection::switch_protocols(std::string_view answer) {
  // 101 is the first thing ever sent on most connections, and always fits; a socket that is full
  // of unread answers is no loss.
  if (stream_.send(answer).bytes != answer.size()) {
    end();
    return std::nullopt;
  }
  released given{stream_.release(), std::string(ahead_)};
  end();
  if (given.descriptor == -1) {
    return std::nullopt;
  }
  return given;
}

void connection::write(std::string_view bytes) {
  const stream::outcome done = stream_.send(bytes);
  if (done.next == stream::next::ended) {
    end();
    return;
  }
  if (done.bytes < bytes.size()) {
    output_.assign(bytes.substr(done.bytes));
    set_deadline(owner_.options().write_timeout);
    wait(done.next);
    return;
  }
  answer_done();
}

void connection::write_rest() {
  const stream::outcome done = stream_.send(output_);
  if (done.next == stream::next::ended) {
    end();
    return;
  }
  if (done.bytes > 0) {
    output_.erase(0, done.bytes);
    set_deadline(owner_.options().write_timeout);
  }
  if (!output_.empty()) {
    wait(done.next);
    return;
  }
  output_ = std::string();
  answer_done();
}

void connection::answer_done() {
  if (!keep_alive_ || owner_.is_draining()) {
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
  if (phase_ == phase::idle || phase_ == phase::head || phase_ == phase::body) {
    wait(stream::next::wait_to_read);
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
  if (!parsing_) {
    wait(stream::next::wait_to_read);
  }
}

void connection::expire() {
  if (phase_ == phase::head && parser_.has_begun()) {
    refuse(408, "the request did not arrive in time");
  } else if (phase_ == phase::body) {
    refuse(408, "the body of the request did not arrive in time");
  } else {
    end();
  }
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
  deadline_ = std::chrono::steady_clock::now() + from_now;
}

}  // namespace flowcast::http
