#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <thread>

#include "bench/arena.hpp"
#include "bench/scenarios.hpp"

namespace flowcast::bench {

namespace {

std::vector<double> in_ms(const std::vector<std::int64_t>& ns) {
  std::vector<double> all;
  all.reserve(ns.size());
  for (const std::int64_t each : ns)
    all.push_back(static_cast<double>(each) / 1e6);
  return all;
}

// Memory settles a little after clients have come or gone.
std::size_t settled_bytes(arena& at) {
  std::size_t last = at.server().private_bytes();
  for (int i = 0; i < 20; ++i) {
    at.loop().until([] { return false; }, 0.25);
    const std::size_t now = at.server().private_bytes();
    if (now == last)
      break;
    last = now;
  }
  return last;
}

// After clients have left: what is free may be kept for others for some seconds.
std::size_t least_bytes(arena& at, std::size_t good_enough) {
  std::size_t least = at.server().private_bytes();
  for (int i = 0; i < 80 && least > good_enough; ++i) {
    at.loop().until([] { return false; }, 0.25);
    least = std::min(least, at.server().private_bytes());
  }
  return least;
}

// Publishes at a steady rate from a thread of its own, to the keys that it is told, and remembers
// how long the answers took.
class steady_publisher {
 public:
  steady_publisher(std::uint16_t port, double a_second,
                   const std::function<std::uint64_t()>& next_key)
      : thread_([=, this] { run(port, a_second, next_key); }) {}
  steady_publisher(const steady_publisher&) = delete;
  steady_publisher& operator=(const steady_publisher&) = delete;
  ~steady_publisher() { stop(); }

  std::vector<std::int64_t> stop() {
    stop_ = true;
    if (thread_.joinable())
      thread_.join();
    return latencies_;
  }

 private:
  void run(std::uint16_t port, double a_second, const std::function<std::uint64_t()>& next_key) {
    event_loop loop;
    publisher by(loop, port, 64);
    const auto every = static_cast<std::int64_t>(1e9 / a_second);
    std::int64_t due = now_ns();
    while (!stop_) {
      while (now_ns() < due && !stop_)
        loop.turn(1);
      if (by.idle())
        by.post(body_of(next_key()));
      due += every;
    }
    loop.until([&] { return by.in_flight() == 0; }, 30);
    latencies_ = by.latencies();
  }

  std::atomic<bool> stop_{false};
  std::vector<std::int64_t> latencies_;
  std::thread thread_;
};

}  // namespace

// Each session is subscribed to a key of its own: as our widget does, when it connects, or as any
// client may, later. (The others know the second way alone; ws knows none.)
void memory_scenario(bench_run& run) {
  const places& in = run.in;
  swarm_options as_widget;
  as_widget.connect_with = [](std::size_t i) {
    return R"({"subscribe":{"microflow":[")" + guid_of(i) + R"("]}})";
  };
  swarm_options later;
  later.keys = [](std::size_t i) { return std::vector<std::string>{guid_of(i)}; };
  const auto measure = [&](contestant who, const std::string& name, std::size_t count,
                           const swarm_options& with) {
    who.name = name;
    arena at(who, in, 1, with);
    at.clients().connect(50);
    at.clients().disconnect();
    const std::size_t empty = settled_bytes(at);
    at.clients().connect(count);
    const std::size_t full = settled_bytes(at);
    at.clients().disconnect();
    const std::size_t left = least_bytes(at, empty);
    const auto kib = [](std::size_t bytes) { return static_cast<double>(bytes) / 1024; };
    run.into.add({"memory", "KiB an idle session with a subscription", who.name, count, 0,
                  (kib(full) - kib(empty)) / static_cast<double>(count)});
    run.into.add(
        {"memory", "MiB of the server before they came", who.name, count, 0, kib(empty) / 1024});
    run.into.add(
        {"memory", "MiB of the server after they left", who.name, count, 0, kib(left) / 1024});
  };
  const std::size_t clients = run.brief ? 500 : 10'000;
  measure(flowcast(in), "Flowcast", clients, as_widget);
  measure(flowcast(in), "Flowcast, stock clients", clients, later);
  if (run.rivals) {
    if (run.uwebsockets)
      measure(uwebsockets(in, true), "uWebSockets, topics", clients, later);
    measure(ws(in), "ws", clients, {});
    measure(socketio_4(in, true), "Socket.IO 4, rooms", clients, later);
    measure(feathers_5(in, true), "Feathers 5, channels", clients, later);
  }
  measure(flowcast(in), "Flowcast", run.brief ? 2 * clients : 18'000, as_widget);
}

// From the publish to the receipt, with a subscriber of its own for every key.
void receipt_scenario(bench_run& run) {
  const std::size_t clients = run.brief ? 300 : 10'000;
  for (const contestant& who : taking_part(run, {flowcast(run.in), feathers_5(run.in, true)})) {
    swarm_options with;
    with.keys = [](std::size_t i) { return std::vector<std::string>{guid_of(i)}; };
    arena at(who, run.in, 1, with);
    at.clients().connect(clients);
    std::vector<std::atomic<std::int64_t>> sent(clients);
    std::vector<double> took;
    at.clients().on_event([&](std::size_t client, std::string_view) {
      took.push_back(static_cast<double>(now_ns() - sent[client]) / 1e6);
    });
    std::uint64_t next = 0;
    steady_publisher steady(at.server().port(), 100, [&] {
      const std::uint64_t key = next++ * 7919 % clients;
      sent[key] = now_ns();
      return key;
    });
    at.loop().until([] { return false; }, run.brief ? 1 : 10);
    steady.stop();
    at.loop().until([&] { return took.size() >= next; }, 5);
    if (took.size() != next)
      throw std::runtime_error(std::to_string(took.size()) + " of " + std::to_string(next) +
                               " events came");
    run.into.add({"receipt", "ms from publish to receipt, 100 a second, p50", who.name, clients, 0,
                  quantile(took, 0.5)});
    run.into.add({"receipt", "ms from publish to receipt, 100 a second, p99", who.name, clients, 0,
                  quantile(took, 0.99)});
  }
}

namespace {

// A server on so many cores. Only the last clients to come are read from, and the clock runs from
// a publish until they have it: they are the last to be sent it, so that the load generator does
// next to nothing and the cores are the server's. The others read while the clock stands.
class cores_in_use {
 public:
  cores_in_use(const contestant& who, unsigned count, const bench_run& run, std::size_t clients)
      : name_(who.name + ", " + std::to_string(count) + (count == 1 ? " core" : " cores")),
        clients_(clients),
        at_(who, run.in, 1) {
    at_.clients().connect(clients - readers);
    at_.clients().connect(readers);
    at_.publish_and_wait(0, clients);
    at_.clients().read_only_last(readers);
  }

  void publish(std::uint64_t number) {
    const std::uint64_t wanted = at_.clients().events() + clients_;
    const std::int64_t own = own_cpu_ns();
    const std::int64_t began = now_ns();
    at_.publish_and_wait(number, readers);
    took_ns_ += now_ns() - began;
    own_ns_ += own_cpu_ns() - own;
    ++publishes_;
    at_.clients().catch_up();
    if (at_.clients().events() != wanted)
      throw std::runtime_error("the last clients to come were not the last to be sent an event");
  }

  void report(std::size_t repeat, results& into) const {
    const auto took = static_cast<double>(took_ns_);
    into.add({"cores", "deliveries a second", name_, clients_, repeat,
              static_cast<double>(publishes_ * clients_) / took * 1e9});
    into.add({"cores", "part of a core that the load generator used", name_, clients_, repeat,
              static_cast<double>(own_ns_) / took});
  }

 private:
  static constexpr std::size_t readers = 24;

  std::string name_;
  std::size_t clients_;
  arena at_;
  std::uint64_t publishes_ = 0;
  std::int64_t took_ns_ = 0;
  std::int64_t own_ns_ = 0;
};

}  // namespace

// One core and two take turns of a few publishes, so that what else the machine does is in both.
void core_scenario(bench_run& run) {
  const std::size_t clients = run.brief ? 200 : 4000;
  const std::uint64_t turns = run.brief ? 2 : 20;
  constexpr std::uint64_t publishes = 5;
  const auto measure = [&](const auto& on_cores, std::size_t repeat) {
    cores_in_use one(on_cores(1U), 1, run, clients);
    cores_in_use two(on_cores(2U), 2, run, clients);
    for (std::uint64_t turn = 0; turn < turns; ++turn) {
      for (cores_in_use* const each : {&one, &two}) {
        for (std::uint64_t i = 0; i < publishes; ++i)
          each->publish(i);
      }
    }
    one.report(repeat, run.into);
    two.report(repeat, run.into);
  };
  for (std::size_t repeat = 0; repeat < run.repeats; ++repeat) {
    measure([&](unsigned count) { return raw(run.in, 0, count); }, repeat);
    measure([&](unsigned count) { return flowcast(run.in, "memory", count); }, repeat);
  }
}

// All come back at once, each with its subscriptions and events that it missed, while a publisher
// goes on.
void storm_scenario(bench_run& run) {
  const std::size_t clients = run.brief ? 200 : 5000;
  constexpr std::size_t together = 10;  // clients with the same keys
  constexpr std::size_t keys_each = 20;
  constexpr std::size_t missed = 5;
  const auto subscribe = [](std::size_t i) {
    std::string json = R"("subscribe":{"microflow":[)";
    for (std::size_t key = 0; key < keys_each; ++key)
      json.append(key == 0 ? R"(")" : R"(,")")
          .append(guid_of(i / together * keys_each + key))
          .append(1, '"');
    return json + "]}";
  };
  for (std::size_t repeat = 0; repeat < run.repeats; ++repeat) {
    std::vector<std::string> offsets(clients);
    swarm_options with;
    with.connect_with = [&](std::size_t i) {
      return '{' + subscribe(i) + (offsets[i].empty() ? "" : R"(,"offset":")" + offsets[i] + '"') +
             '}';
    };
    arena at(flowcast(run.in), run.in, 16, with);
    at.clients().connect(clients);
    for (std::size_t i = 0; i < clients; ++i)
      offsets[i] = at.clients().offset(i);
    if (offsets[0].empty())
      throw std::runtime_error("the server told no offset");
    at.clients().disconnect();
    for (std::size_t group = 0; group < clients / together; ++group) {
      for (std::size_t i = 0; i < missed; ++i) {
        at.loop().until([&] { return at.publishers().idle(); }, 30);
        at.publishers().post(body_of(group * keys_each + i));
      }
    }
    at.loop().until([&] { return at.publishers().in_flight() == 0; }, 30);

    const std::uint64_t wanted = at.clients().events() + clients * missed;
    steady_publisher steady(at.server().port(), 50, [] { return std::uint64_t{1} << 40U; });
    const std::int64_t cpu = at.server().cpu_ns();
    const std::int64_t began = now_ns();
    at.clients().begin(clients);
    const bool done = at.loop().until(
        [&] { return at.clients().live() == clients && at.clients().events() >= wanted; }, 60);
    const auto took = static_cast<double>(now_ns() - began) / 1e6;
    const auto used = static_cast<double>(at.server().cpu_ns() - cpu) / 1e6;
    const std::vector<double> answers = in_ms(steady.stop());
    if (!done || at.clients().events() != wanted || at.clients().lost() > 0) {
      throw std::runtime_error("of " + std::to_string(wanted) + " events " +
                               std::to_string(at.clients().events()) + " came, " +
                               std::to_string(at.clients().lost()) + " clients were lost");
    }
    run.into.add({"storm", "CPU ms a client that comes back", "Flowcast", clients, repeat,
                  used / static_cast<double>(clients)});
    run.into.add({"storm", "ms until all have caught up", "Flowcast", clients, repeat, took});
    run.into.add({"storm", "ms to answer a publisher meanwhile, p99", "Flowcast", clients, repeat,
                  quantile(answers, 0.99)});
  }
}

}  // namespace flowcast::bench
