#include "bench/contestant.hpp"

#include <utility>

#include "support/free_port.hpp"

namespace flowcast::bench {

namespace {

contestant node(const places& in, std::string name, const std::string& file, bool rooms) {
  contestant who{std::move(name), 4, {"node", in.rivals + '/' + file}, false, true};
  if (rooms)
    who.command.emplace_back("--rooms");
  return who;
}

}  // namespace

contestant flowcast(const places& in, std::string_view store, unsigned threads) {
  return {"Flowcast",
          4,
          {in.binaries + "/flowcast-server", "--store", std::string(store), "--threads",
           std::to_string(threads), "--log-level", "warning"},
          true};
}

contestant raw(const places& in, std::size_t to_each, unsigned threads) {
  return {"raw epoll loop",
          4,
          {in.binaries + "/raw_fanout", "--to-each", std::to_string(to_each), "--threads",
           std::to_string(threads)},
          false};
}

contestant ws(const places& in) {
  return node(in, "ws", "ws.js", false);
}

contestant uwebsockets(const places& in, bool rooms) {
  contestant who =
      node(in, rooms ? "uWebSockets, topics" : "uWebSockets", "uwebsockets/server.js", rooms);
  who.when_asked_for = true;
  return who;
}

contestant socketio_4(const places& in, bool rooms) {
  return node(in, rooms ? "Socket.IO 4, rooms" : "Socket.IO 4", "socketio-4.js", rooms);
}

contestant feathers_5(const places& in, bool rooms) {
  return node(in, rooms ? "Feathers 5, channels" : "Feathers 5", "feathers-5-koa.js", rooms);
}

contestant feathers_3(const places& in) {
  contestant who = node(in, "Feathers 3", "feathers-3.js", false);
  who.engine = 3;
  return who;
}

std::unique_ptr<server_process> start(const contestant& who, const places& in) {
  const std::uint16_t port = free_port();
  std::vector<std::string> command = who.command;
  if (who.listens) {
    command.insert(command.end(), {"--listen", "127.0.0.1:" + std::to_string(port)});
  } else {
    command.insert(command.end(), {"--port", std::to_string(port)});
  }
  auto server = std::make_unique<server_process>(command, port, in.scratch + "/server.log");
  server->wait_until_listening();
  return server;
}

}  // namespace flowcast::bench
