#include "operations/metric_text.hpp"
#include "realtime/realtime.hpp"

namespace flowcast::realtime {

using operations::metric_kind;

namespace {

// A reason as the value of a label.
std::string label_of(end_reason why) {
  std::string text(to_string(why));
  for (char& c : text)
    c = c == ' ' ? '_' : c;
  return text;
}

}  // namespace

template <class Part>
std::uint64_t realtime::sum_of(Part part) const {
  std::uint64_t sum = 0;
  for (const engine_server* each : engines_)
    sum += part(each->counters()).value();
  return sum;
}

std::uint64_t realtime::websockets() const {
  return sum_of([](const engine_counters& of) -> auto& { return of.by_websocket; });
}

void realtime::write_metrics(operations::metric_text& to) const {
  to.family("flowcast_sessions", metric_kind::gauge, "Sessions that are open, by transport.");
  to.sample({{"transport", "websocket"}}, websockets());
  to.sample({{"transport", "polling"}},
            sum_of([](const engine_counters& of) -> auto& { return of.by_polling; }));
  to.counter("flowcast_sessions_opened_total", "Sessions opened so far.",
             sum_of([](const engine_counters& of) -> auto& { return of.opened; }));
  to.family(
      "flowcast_session_ends_total", metric_kind::counter,
      "Sessions that have ended, by reason; too_slow: they did not read what they were sent.");
  for (std::size_t i = 0; i < end_reasons; ++i) {
    to.sample({{"reason", label_of(static_cast<end_reason>(i))}},
              sum_of([i](const engine_counters& of) -> auto& { return of.ended[i]; }));
  }
  to.gauge("flowcast_socket_queue_bytes", "Bytes that wait for clients that are slow to read.",
           sum_of([](const engine_counters& of) -> auto& { return of.queued_bytes; }));

  std::uint64_t together = 0;
  for (const engine_server* each : engines_)
    together += each->together().sent_together().value();
  to.counter("flowcast_sends_together_total",
             "Sends of events that shared a system call (io_uring) with others; 0 where the kernel "
             "does not let us.",
             together);

  to.gauge("flowcast_observers", "Those who look at the status.", board_->readers());

  to.family("flowcast_recoveries_total", metric_kind::counter,
            "Clients that came back: recovered, out_of_reach (the log no longer has what they "
            "missed, or another one does), or failed.");
  to.sample({{"outcome", "recovered"}},
            sum_of([](const engine_counters& of) -> auto& { return of.recovered; }));
  to.sample({{"outcome", "out_of_reach"}},
            sum_of([](const engine_counters& of) -> auto& { return of.out_of_reach; }));
  to.sample({{"outcome", "failed"}},
            sum_of([](const engine_counters& of) -> auto& { return of.recovery_failed; }));
  to.counter("flowcast_recovered_events_total", "Events that clients missed and were sent later.",
             sum_of([](const engine_counters& of) -> auto& { return of.recovered_events; }));
}

}  // namespace flowcast::realtime
