#include <filesystem>
#include <stdexcept>

#include "bench/arena.hpp"
#include "bench/scenarios.hpp"
#include "bench/sqlite_floor.hpp"
#include "support/free_port.hpp"

namespace flowcast::bench {

namespace {

struct created {
  double cpu_us;  // each
  double a_second;
};

created create(const bench_run& run, const contestant& who, std::size_t publishers,
               std::size_t listeners) {
  arena at(who, run.in, publishers);
  if (listeners > 0)
    at.clients().connect(listeners);
  at.publish_for(0.2);
  const std::int64_t cpu = at.server().cpu_ns();
  const std::int64_t began = now_ns();
  const std::uint64_t published = at.publish_for(run.brief ? 0.2 : 1.5);
  const auto took = static_cast<double>(now_ns() - began);
  const auto used = static_cast<double>(at.server().cpu_ns() - cpu);
  return {used / 1e3 / static_cast<double>(published), static_cast<double>(published) / took * 1e9};
}

std::string fresh_database(const bench_run& run) {
  const std::string path = run.in.scratch + "/bench.sqlite";
  for (const char* suffix : {"", "-wal", "-shm", ".lock"})
    std::filesystem::remove(path + suffix);
  return path;
}

}  // namespace

void create_scenario(bench_run& run) {
  const places& in = run.in;
  constexpr std::size_t connections = 32;
  for (std::size_t repeat = 0; repeat < run.repeats; ++repeat) {
    for (const std::size_t listeners : {0U, 10U}) {
      for (const contestant& who : taking_part(
               run, {raw(in), flowcast(in), uwebsockets(in), socketio_4(in), feathers_5(in)})) {
        const created one = create(run, who, connections, listeners);
        run.into.add(
            {"create", "CPU µs a create, memory store", who.name, listeners, repeat, one.cpu_us});
        run.into.add({"create", "creates a second, memory store", who.name, listeners, repeat,
                      one.a_second});
      }
    }
  }
}

void durable_scenario(bench_run& run) {
  constexpr std::size_t in_flight = 64;
  for (std::size_t repeat = 0; repeat < run.repeats; ++repeat) {
    run.into.add({"durable", "creates a second, SQLite, 64 in flight",
                  "a bare loop of the statements", 0, repeat,
                  sqlite_floor(fresh_database(run), in_flight, run.brief ? 0.2 : 1.5)});
    const created one =
        create(run, flowcast(run.in, "sqlite:" + fresh_database(run)), in_flight, 0);
    run.into.add(
        {"durable", "creates a second, SQLite, 64 in flight", "Flowcast", 0, repeat, one.a_second});
    run.into.add({"durable", "CPU µs a create, SQLite", "Flowcast", 0, repeat, one.cpu_us});
  }
}

void start_scenario(bench_run& run) {
  const auto measure = [&](const std::string& what, const contestant& who, std::size_t repeat) {
    const std::uint16_t port = free_port();
    std::vector<std::string> command = who.command;
    if (who.listens) {
      command.insert(command.end(), {"--listen", "127.0.0.1:" + std::to_string(port)});
    } else {
      command.insert(command.end(), {"--port", std::to_string(port)});
    }
    const server_process server(command, port, run.in.scratch + "/server.log");
    run.into.add(
        {"start", "ms from exec to listening", what, 0, repeat, server.wait_until_listening()});
  };
  const std::size_t records = run.brief ? 2000 : 1'000'000;
  const std::string path = fresh_database(run);
  const contestant filled = flowcast(run.in, "sqlite:" + path);
  for (std::size_t repeat = 0; repeat < run.repeats; ++repeat) {
    fresh_database(run);
    measure("Flowcast, empty SQLite", filled, repeat);
    measure("Flowcast, memory", flowcast(run.in), repeat);
    if (run.rivals)
      measure("Feathers 5", feathers_5(run.in), repeat);
  }
  fresh_database(run);
  {
    arena at(filled, run.in, 64);
    for (std::size_t made = 0; made < records; ++made) {
      at.loop().until([&] { return at.publishers().idle(); }, 30);
      at.publishers().post(body_of(made));
    }
    at.loop().until([&] { return at.publishers().in_flight() == 0; }, 30);
  }
  for (std::size_t repeat = 0; repeat < run.repeats; ++repeat)
    measure("Flowcast, SQLite, " + std::to_string(records) + " records", filled, repeat);
  fresh_database(run);
}

}  // namespace flowcast::bench
