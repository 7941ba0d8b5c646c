#include <cmath>
#include <exception>
#include <iostream>
#include <thread>

#include "bench/arena.hpp"
#include "bench/scenarios.hpp"

namespace flowcast::bench {

namespace {

double microseconds(std::int64_t ns) {
  return static_cast<double>(ns) / 1e3;
}

std::vector<std::size_t> audiences(const bench_run& run) {
  return run.brief ? std::vector<std::size_t>{200} : std::vector<std::size_t>{1000, 5000, 9000};
}

// CPU of the server for each event that one client is sent.
double one_at_a_time(const bench_run& run, const contestant& who, std::size_t clients) {
  constexpr std::size_t deliveries = 45'000;
  constexpr std::uint64_t warm_up = 5;
  arena in(who, run.in, 1);
  in.clients().connect(clients);
  for (std::uint64_t i = 0; i < warm_up; ++i)
    in.publish_and_wait(i, clients);
  const std::uint64_t publishes =
      std::max<std::size_t>(5, (run.brief ? 2000 : deliveries) / clients);
  const std::int64_t before = in.server().cpu_ns();
  for (std::uint64_t i = 0; i < publishes; ++i)
    in.publish_and_wait(warm_up + i, clients);
  return microseconds(in.server().cpu_ns() - before) / static_cast<double>(publishes * clients);
}

double in_flight(const bench_run& run, const contestant& who, std::size_t publishers,
                 std::size_t clients) {
  arena in(who, run.in, publishers);
  in.clients().connect(clients);
  in.publish_for(0.1);
  const std::int64_t before = in.server().cpu_ns();
  const std::uint64_t published = in.publish_for(run.brief ? 0.2 : 1.0);
  return microseconds(in.server().cpu_ns() - before) / static_cast<double>(published * clients);
}

// What is promised is a ratio to Feathers 5 and to uWebSockets; the others from npm are measured
// once.
bool is_enough(const contestant& who, std::size_t repeat) {
  return who.rival && who.name != "Feathers 5" && who.name != "uWebSockets" && repeat > 0;
}

}  // namespace

void fan_out_scenario(bench_run& run) {
  const places& in = run.in;
  for (std::size_t repeat = 0; repeat < run.repeats; ++repeat) {
    for (const std::size_t clients : audiences(run)) {
      for (const contestant& who :
           taking_part(run, {raw(in), flowcast(in), uwebsockets(in), ws(in), socketio_4(in),
                             feathers_5(in), feathers_3(in)})) {
        if (is_enough(who, repeat))
          continue;
        run.into.add({"fan-out", "CPU µs a delivery", who.name, clients, repeat,
                      one_at_a_time(run, who, clients)});
      }
    }
  }
}

void burst_scenario(bench_run& run) {
  const places& in = run.in;
  for (std::size_t repeat = 0; repeat < run.repeats; ++repeat) {
    for (const std::size_t clients : audiences(run)) {
      for (const contestant& who : taking_part(run, {raw(in), flowcast(in), uwebsockets(in), ws(in),
                                                     socketio_4(in), feathers_5(in)})) {
        if (who.rival && (repeat > 0 || clients == 5000))
          continue;
        try {
          run.into.add({"burst", "CPU µs a delivery, 16 publishes in flight", who.name, clients,
                        repeat, in_flight(run, who, 16, clients)});
        } catch (const std::exception& failure) {
          if (!who.rival)
            throw;
          std::cerr << who.name << " gave up: " << failure.what() << '\n';
        }
      }
      run.into.add({"burst", "CPU µs a delivery, 64 publishes in flight", "Flowcast", clients,
                    repeat, in_flight(run, flowcast(in), 64, clients)});
    }
  }
}

// How long a publish takes to be answered while another goes out to thousands. Its publisher has a
// thread of its own, so that the clients' work does not count.
void answer_scenario(bench_run& run) {
  const std::size_t clients = run.brief ? 200 : 9000;
  for (const contestant& who :
       taking_part(run, {raw(run.in), flowcast(run.in), feathers_5(run.in)})) {
    arena in(who, run.in, 1);
    in.clients().connect(clients);
    in.publish_and_wait(1, clients);
    std::vector<double> took;
    for (std::uint64_t i = 0; i < 30; ++i) {
      std::thread second([&] {
        event_loop loop;
        publisher other(loop, in.server().port(), 1);
        std::this_thread::sleep_for(std::chrono::milliseconds(3));
        other.post(body_of(1000 + i));
        loop.until([&] { return other.answered() == 1; }, 60);
        took.push_back(static_cast<double>(other.latencies().at(0)) / 1e6);
      });
      in.publish_and_wait(i, 2 * clients);
      second.join();
    }
    run.into.add({"answer", "ms to answer a publish during a fan-out, p50", who.name, clients, 0,
                  quantile(took, 0.5)});
    run.into.add({"answer", "ms to answer a publish during a fan-out, p99", who.name, clients, 0,
                  quantile(took, 0.99)});
  }
}

// Each key has three subscribers, however many clients there are.
void targeted_scenario(bench_run& run) {
  const places& in = run.in;
  constexpr std::size_t to_each = 3;
  const auto measure = [&](const contestant& who, std::size_t clients, bool by_key) {
    swarm_options with;
    if (by_key && (who.listens || who.rival)) {  // the raw loop chooses by itself
      with.keys = [](std::size_t i) { return std::vector<std::string>{guid_of(i / to_each)}; };
    }
    arena at(who, run.in, 1, with);
    at.clients().connect(clients);
    const std::size_t events = by_key ? to_each : clients;
    const std::uint64_t publishes = by_key ? (run.brief ? 30 : 4000) : 8;
    const std::uint64_t keys = clients / to_each;
    for (std::uint64_t i = 0; i < publishes / 10 + 1; ++i)
      at.publish_and_wait(i * 7919 % keys, events);
    const std::int64_t before = at.server().cpu_ns();
    for (std::uint64_t i = 0; i < publishes; ++i)
      at.publish_and_wait(i * 104'729 % keys, events);
    return microseconds(at.server().cpu_ns() - before) / static_cast<double>(publishes);
  };
  for (std::size_t repeat = 0; repeat < run.repeats; ++repeat) {
    for (const std::size_t clients :
         run.brief ? std::vector<std::size_t>{300} : std::vector<std::size_t>{999, 9000, 18000}) {
      const auto add = [&](const contestant& who, const std::string& name, bool by_key) {
        run.into.add({"targeted", "CPU µs a publish that concerns 3 clients", name, clients, repeat,
                      measure(who, clients, by_key)});
      };
      add(raw(in, to_each), "raw epoll loop", true);
      add(flowcast(in), "Flowcast", true);
      if (run.rivals && run.uwebsockets && clients <= 9000)
        add(uwebsockets(in, true), "uWebSockets, topics", true);
      if (clients > 9000 || !run.rivals || repeat > 0)
        continue;
      add(socketio_4(in, true), "Socket.IO 4, rooms", true);
      add(feathers_5(in, true), "Feathers 5, channels", true);
      add(feathers_5(in), "Feathers 5, to all", false);
    }
  }
}

}  // namespace flowcast::bench
