#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hub/delivery_times.hpp"
#include "hub/interest_index.hpp"
#include "hub/listener.hpp"
#include "hub/ring.hpp"
#include "hub/selective_queue.hpp"
#include "operations/tally.hpp"
#include "records/event.hpp"
#include "stores/event_store.hpp"

namespace flowcast::hub {

// A service as the hub sees it.
struct channel {
  std::string name;
  bool broadcasts = true;  // also to listeners that made no choice
};

struct fan_out_limits {
  // Bytes that a listener may be behind, while its socket takes none or it is held, before it is
  // ended.
  std::size_t max_lag = std::size_t{1024} * 1024;
  // Listeners served before anything else gets its turn.
  std::size_t slice = 256;
  // Bytes waiting to go round above which publishers should wait. What waits for a laggard alone
  // does not count: publishers never wait for it.
  std::size_t congested_at = std::size_t{4} * 1024 * 1024;
};

// Read from any thread.
struct fan_out_counters {
  struct channel {
    operations::tally events;
    operations::tally deliveries;
  };

  explicit fan_out_counters(std::size_t services) : channels(services) {}

  std::vector<channel> channels;  // by service
  operations::tally listeners;
  operations::tally waiting_bytes;
};

// One shard's part of the hub: who listens here, and the bytes on their way to them. Everything but
// the counters and congested() is called on the shard's thread.
//
// Rules
//  1. A listener hears the events of what it listens to in log order, each once, from the moment it
//     joined or chose it on: exactly those after the head() of that moment.
//  2. An event is encoded once a framing, and only where somebody listens in it.
//  3. A listener that never chose a key or service hears every service that broadcasts; once it
//     did, of that service it hears what it chose alone, and still every other service that
//     broadcasts.
//  4. Nothing is sent from within deliver(): whoever is posted next comes first, such as the answer
//     to the publisher.
//  5. An event without a key is about no key: only those hear it who hear the whole service.
//     What is announced is about a key, and its service broadcasts nothing.
//  6. Who may hear some keys of a service alone hears none of its others, also of the whole.
class fan_out {
 public:
  // Asks that run() be called soon on the shard's thread, after what waits there already.
  using schedule_run = std::function<void()>;

  fan_out(std::vector<channel> channels, schedule_run schedule, fan_out_limits limits = {});

  // Events in log order, as they left the store.
  void deliver(const std::vector<records::event>& events);
  // An event that is in no log, and has no offset: in turn with the others, and head() stays.
  void announce(const records::event& event);
  // One slice; schedules the next.
  void run();

  void join(listener& who);
  void leave(listener& who);

  // Idempotent; false if nothing changed.
  bool subscribe(listener& who, stores::service_index service, std::string_view key);
  bool unsubscribe(listener& who, stores::service_index service, std::string_view key);
  bool subscribe_whole(listener& who, stores::service_index service);
  bool unsubscribe_whole(listener& who, stores::service_index service);

  // Of a service, `who` hears events with these keys alone from now on, whatever it chooses;
  // nullptr: all. What it has chosen and may not hear any more is dropped. It has joined.
  void narrow(listener& who, stores::service_index service,
              std::shared_ptr<const records::key_patterns> to);

  // What `who` has chosen, until `visit` gives false; a key of nullptr: the whole service.
  static void each_interest(
      const listener& who,
      const std::function<bool(stores::service_index service, const std::string* key)>& visit);

  // Gives the sink of `who` all that it is owed, before its session sends something of its own.
  void flush(listener& who);
  // See frame_sink::write_some.
  void resume(listener& who);
  // hold() gives the sink all that `who` is owed so far; from then on until release() its events
  // are kept, within the limit: it is being replayed what came before them. Both are idempotent.
  void hold(listener& who);
  void release(listener& who);

  // The offset up to which events have been delivered here.
  [[nodiscard]] const records::offset& head() const { return head_; }
  // Before the first listener joins.
  void start_at(const records::offset& head) { head_ = head; }

  // From any thread: whether publishers should wait a moment.
  [[nodiscard]] bool congested() const {
    return counters_.waiting_bytes.value() > limits_.congested_at;
  }
  [[nodiscard]] const fan_out_counters& counters() const { return counters_; }
  [[nodiscard]] const interest_index& interests_here() const { return index_; }
  [[nodiscard]] const delivery_times& times() const { return times_; }
  [[nodiscard]] std::size_t listeners() const { return counters_.listeners.value(); }
  // The sinks of this shard send together with it, from now on. It outlives the fan_out's runs.
  void send_with(frame_batch& together) { together_ = &together; }
  // Who is told how events fare; nullptr: nobody. It outlives its being watched.
  void watch_with(delivery_watch* watch) { watch_ = watch; }

 private:
  struct encoded {
    std::string frame;
    bool done = false;
    bool queued = false;
    selective_queue::piece piece;
  };

  const std::string& encode(framing frames, const records::event& event);
  void forget_encoded();
  // To those who have chosen its key, or the whole of its service.
  std::size_t offer(const records::event& event);
  std::size_t offer(const records::event& event, const audience& to);
  void make_selective(listener& who, stores::service_index chosen);
  void wake();
  void count_waiting();
  // What all that is queued now ends at, and how far it has been served.
  [[nodiscard]] delivery_times::progress queued() const;
  [[nodiscard]] delivery_times::progress served() const;
  ring& ring_of(const listener& who) { return rings_[static_cast<std::size_t>(who.framing_)]; }

  std::vector<channel> channels_;
  schedule_run schedule_;
  fan_out_limits limits_;
  std::array<ring, framings> rings_;
  selective_queue queue_;
  interest_index index_;
  std::array<encoded, framings> encoded_;
  records::offset head_;
  bool scheduled_ = false;
  fan_out_counters counters_;
  delivery_times times_;
  delivery_watch* watch_ = nullptr;
  frame_batch* together_ = nullptr;
};

}  // namespace flowcast::hub
