#include "realtime/recovery.hpp"

#include <chrono>
#include <utility>

namespace flowcast::realtime {

namespace {

// Missed events that are worth another read before the client joins: fewer may wait for it in
// memory.
constexpr std::uint64_t small_gap = 1000;
constexpr int most_rounds = 4;
// Bytes of frames that leave with the answer to a stock client, in one write.
constexpr std::size_t most_before_answer = std::size_t{16} * 1024;
// For another shard's, or another node's, lead.
constexpr auto wait_between = std::chrono::milliseconds(5);
constexpr int most_waits = 400;

}  // namespace

recovery::recovery(client_context& context, engine_session& engine, hub::listener& listener,
                   recovery_user& user, answering how)
    : context_(&context),
      engine_(&engine),
      listener_(&listener),
      user_(&user),
      how_(how),
      postponed_(context.engine.options().max_payload) {}

void recovery::start(const records::offset& after, wish_list wishes,
                     std::vector<stores::log_filter> wanted, auth::identity_ptr who) {
  wishes_ = std::move(wishes);
  if (after.epoch != context_->fans.head().epoch) {
    on_out_of_reach();
    return;
  }
  after_ = after;
  reader_ = std::make_shared<replay>(context_->engine.shard(), context_->store, context_->services,
                                     std::move(wanted), after, static_cast<replay_user&>(*this),
                                     std::move(who));
  go_on();
}

void recovery::go_on() {
  const std::uint64_t head = context_->fans.head().position;
  if (after_.position > head) {
    wait_for_head();
  } else if (after_.position == head) {
    on_replayed();
  } else {
    reader_->read_to(head);
  }
}

void recovery::wait_for_head() {
  if (++waits_ > most_waits) {
    // Nobody has that offset: the log has been replaced by an older one.
    on_out_of_reach();
    return;
  }
  if (!ahead_)
    ahead_ = std::make_unique<boost::asio::steady_timer>(context_->engine.shard().context());
  ahead_->expires_after(wait_between);
  // Cancelled with the recovery; what was due already finds its reader gone.
  ahead_->async_wait(
      [this, reader = std::weak_ptr(reader_)](const boost::system::error_code& error) {
        if (!error && !reader.expired())
          go_on();
      });
}

void recovery::read_on() {
  if (!reader_)
    return;
  // It may end with the recovery, from within.
  const std::shared_ptr<replay> reader = reader_;
  reader->read_on();
}

void recovery::on_replay(std::string_view frames) {
  if (answered_ || how_ == answering::last) {
    user_->on_missed(frames);
    return;
  }
  held_.append(frames);
  if (held_.size() <= most_before_answer)
    return;
  answered_ = true;
  user_->on_answer_due();
  user_->on_missed(take_held());
}

bool recovery::ready_for_more() const {
  return engine_->drained();
}

void recovery::on_replayed() {
  if (!joined_) {
    const std::uint64_t head = context_->fans.head().position;
    const std::uint64_t gap = head > reader_->position() ? head - reader_->position() : 0;
    if (gap <= small_gap || ++rounds_ == most_rounds)
      join();
    if (gap > 0) {
      if (joined_)
        context_->fans.hold(*listener_);
      reader_->read_to(head);
      return;
    }
  }
  context_->log.info("recovered",
                     {{"session", engine_->id().name()}, {"events", reader_->events()}});
  engine_counters& counters = context_->engine.counters();
  counters.recovered.add();
  counters.recovered_events.add(reader_->events());
  user_->on_recovered(true);
}

void recovery::on_out_of_reach() {
  context_->engine.counters().out_of_reach.add();
  if (answered_) {
    // It was told otherwise: it comes back with the offset it has by now, and is told then.
    engine_->end(end_reason::server_closed);
    return;
  }
  if (!joined_)
    join();
  context_->log.info("not recovered: the log does not reach back that far",
                     {{"session", engine_->id().name()}});
  user_->on_recovered(false);
}

void recovery::on_replay_failed(const records::error& why) {
  context_->log.warning("recovery failed",
                        {{"session", engine_->id().name()}, {"reason", why.message}});
  context_->engine.counters().recovery_failed.add();
  engine_->end(end_reason::server_closed);
}

void recovery::join() {
  user_->on_caught_up(wishes_);
  joined_ = true;
}

}  // namespace flowcast::realtime
