#include "http/door.hpp"

#include <tuple>
#include <utility>

namespace flowcast::http {

using boost::system::error_code;

namespace {

// How late a deadline may be noticed.
constexpr auto tick_time = std::chrono::milliseconds(250);
// Without descriptors, accepting again at once would only spin.
constexpr auto pause_time = std::chrono::milliseconds(100);
// What happens to many clients at once is said once.
constexpr auto quiet_time = std::chrono::seconds(10);
// Connections taken before the sockets that are open have their turn.
constexpr int accepts_a_turn = 64;
// How often a hub that is behind is looked at.
constexpr auto catch_up_time = std::chrono::milliseconds(2);

// Without the zone of a link-local one: it names who it is, not the way there.
std::string address_of(const boost::asio::ip::tcp::endpoint& peer) {
  namespace ip = boost::asio::ip;
  if (!peer.address().is_v6()) {
    return peer.address().to_string();
  }
  const ip::address_v6 six(peer.address().to_v6().to_bytes());
  return six.is_v4_mapped() ? ip::make_address_v4(ip::v4_mapped, six).to_string() : six.to_string();
}

}  // namespace

door::door(hub::shard& runs_on, const http_options& options, const site& about,
           realtime::endpoint& engine)
    : shard_(runs_on),
      options_(options),
      about_(about),
      router_(*this, about, engine),
      pause_(runs_on.context().get_executor()),
      tick_(runs_on.context().get_executor()),
      catch_up_(runs_on.context().get_executor()),
      unsent_(unsent_bytes_, options.max_unsent, [this] { shard_.post([this] { relieve(); }); }),
      sockets_(runs_on.context(), [this] { end_turn(); }),
      together_(options.io_uring) {}

door::~door() = default;

void door::listen(acceptor from, const tls_context* secured, observer_way to_observe) {
  listening_.push_back({std::move(from), secured, to_observe});
  accept_from(listening_.size() - 1);
}

void door::accept_from(std::size_t index) {
  wait_to_accept(listening_[index].from, [this, index](const error_code& stopped) {
    if (!stopped && !draining_) {
      accept_all(index);
    }
  });
}

void door::accept_all(std::size_t index) {
  listening& at = listening_[index];
  for (int turn = 0; turn < accepts_a_turn; ++turn) {
    const accepted one = accept_one(at.from);
    if (one.what == accepted::outcome::connection) {
      open(one.socket, at, address_of(one.peer));
      bury();  // if it has been served already, its place is the next one's
    } else if (one.what == accepted::outcome::none) {
      break;
    } else if (one.what == accepted::outcome::no_room) {
      about_.log.error("cannot accept connections: raise the limit of open files",
                       {{"reason", one.why.message()}});
      pause();
      return;
    }
    // Anything else concerns that one connection.
  }
  accept_from(index);
}

void door::pause() {
  pause_.expires_after(pause_time);
  pause_.async_wait([this](const error_code& stopped) {
    if (!stopped && !draining_) {
      for (std::size_t index = 0; index < listening_.size(); ++index)
        accept_from(index);
    }
  });
}

void door::open(realtime::socket_handle socket, const listening& by, std::string address) {
  const tls_context* const secured = by.secured;
  auto lease = about_.limits.admit(address);
  if (!lease) {
    turn_away(realtime::stream(socket), secured != nullptr, address, lease.error());
    return;
  }
  std::unique_ptr<realtime::secure_channel> channel;
  if (secured != nullptr) {
    channel = secured->accept(socket);
    if (!channel) {
      const realtime::stream closed(socket);
      return;
    }
  }
  std::uint32_t index = 0;
  if (free_.empty()) {
    index = static_cast<std::uint32_t>(places_.size());
    places_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  place& at = places_[index];
  at.lives =
      std::make_unique<connection>(*this, connection_id{index, at.generation},
                                   realtime::stream(socket, std::move(channel), std::move(*lease)),
                                   std::move(address), by.to_observe);
  open_.fetch_add(1, std::memory_order_relaxed);
  if (!ticking_) {
    ticking_ = true;
    watch_deadlines();
  }
  at.lives->start();
}

void door::turn_away(realtime::stream refused, bool secured, const std::string& address,
                     operations::rejection why) {
  about_.refused.add(why, address,
                     why == operations::rejection::connections
                         ? "there are as many connections as max-connections allows"
                         : "there are as many connections from this address as "
                           "max-connections-per-address allows: if it is your proxy's, name it as "
                           "trusted-proxy");
  if (!secured) {
    constexpr std::string_view answer =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n";
    std::ignore = refused.send(answer);  // the first bytes on a new socket fit
  }
  const auto now = std::chrono::steady_clock::now();
  if (now >= tell_again_) {
    tell_again_ = now + quiet_time;
    about_.log.warning(
        why == operations::rejection::connections
            ? "turning connections away: there are as many as max-connections allows"
            : "turning connections away: there are as many from one address as "
              "max-connections-per-address allows; if it is your proxy's, name it as trusted-proxy",
        {{"address", address}, {"refused", about_.refused.count(why)}});
  }
}

connection* door::find(connection_id id) {
  if (id.place >= places_.size() || places_[id.place].generation != id.generation) {
    return nullptr;
  }
  return places_[id.place].lives.get();
}

void door::forget(connection_id id) {
  place& at = places_[id.place];
  if (at.generation != id.generation || !at.lives) {
    return;
  }
  dead_.push_back(std::move(at.lives));
  ++at.generation;
  free_.push_back(id.place);
  open_.fetch_sub(1, std::memory_order_relaxed);
}

void door::bury() {
  dead_.clear();
}

void door::watch_deadlines() {
  tick_.expires_after(tick_time);
  tick_.async_wait([this](const error_code& stopped) {
    if (stopped) {
      return;
    }
    const auto now = std::chrono::steady_clock::now();
    for (const place& each : places_) {
      connection* const one = each.lives.get();
      if (one != nullptr && one->is_past(now)) {
        one->expire();
      }
    }
    bury();
    // An empty house needs no clock.
    ticking_ = connections() > 0;
    if (ticking_) {
      watch_deadlines();
    }
  });
}

void door::relieve() {
  unsent_.relieve(
      places_, [](const place& of) { return of.lives ? of.lives->unsent() : std::size_t{0}; },
      [](const place& of) { of.lives->give_up(); });
  bury();
}

void door::put_off(connection_id id) {
  put_off_.push_back(id);
  if (put_off_.size() == 1) {
    resume_put_off();
  }
}

void door::resume_put_off() {
  catch_up_.expires_after(catch_up_time);
  catch_up_.async_wait([this](const error_code& stopped) {
    if (stopped) {
      return;
    }
    while (!put_off_.empty() && !about_.events.congested()) {
      connection* const on = find(put_off_.front());
      put_off_.pop_front();
      if (on != nullptr) {
        router_.resume(*on);
      }
    }
    bury();
    if (!put_off_.empty()) {
      resume_put_off();
    }
  });
}

void door::drain() {
  draining_ = true;
  for (listening& at : listening_) {
    error_code closed;
    at.from.close(closed);
  }
  pause_.cancel();
  for (const place& each : places_) {
    connection* const one = each.lives.get();
    if (one != nullptr && one->is_idle()) {
      one->expire();
    }
  }
  bury();
}

void door::deliver(connection_id id, realtime::engine_response made) {
  if (connection* on = find(id)) {
    router_.answer(*on, std::move(made));
  }
}

void door::deliver(connection_id id, records::result<services::answer> given) {
  if (shard_.context().get_executor().running_in_this_thread()) {
    if (connection* on = find(id)) {
      router_.answer(*on, std::move(given));
    }
    return;
  }
  bool first = false;
  {
    const std::lock_guard lock(delivered_mutex_);
    first = delivered_.empty();
    delivered_.emplace_back(id, std::move(given));
  }
  if (first) {
    shard_.post([this] { answer_delivered(); });
  }
}

void door::answer_delivered() {
  std::vector<std::pair<connection_id, records::result<services::answer>>> batch;
  {
    const std::lock_guard lock(delivered_mutex_);
    batch.swap(delivered_);
  }
  for (auto& [id, given] : batch) {
    gather_answers();
    if (connection* on = find(id)) {
      router_.answer(*on, std::move(given));
    }
  }
  end_turn();
}

void door::gather_answers() {
  if (gathered_.is_full()) {
    send_gathered();
  }
  gathered_.open();
}

void door::send_gathered() {
  together_.open();
  gathered_.send_all(
      [this](connection_id to, std::string_view bytes) {
        if (connection* on = find(to)) {
          on->write_together(bytes);
        }
      },
      [this] { together_.close(); });
}

void door::end_turn() {
  send_gathered();
  bury();
}

}  // namespace flowcast::http
