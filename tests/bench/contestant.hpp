#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/server_process.hpp"

namespace flowcast::bench {

// A server that takes part.
struct contestant {
  std::string name;
  unsigned engine = 4;               // the Engine.IO revision that its clients speak
  std::vector<std::string> command;  // without its port
  bool listens = false;              // its port is `--listen 127.0.0.1:N`, not `--port N`
  bool rival = false;                // from npm
  bool when_asked_for = false;       // and not else
};

// Where things are.
struct places {
  std::string binaries;  // of the build
  std::string rivals;    // the folder of the servers from npm
  std::string scratch;   // for databases and logs
};

// Ours with one shard, unless said otherwise.
contestant flowcast(const places& in, std::string_view store = "memory", unsigned threads = 1);
// `to_each`: to so many clients a publish, 0 for all.
contestant raw(const places& in, std::size_t to_each = 0, unsigned threads = 1);
contestant ws(const places& in);
// Takes part where it is asked for: see tests/bench/run.
contestant uwebsockets(const places& in, bool rooms = false);
contestant socketio_4(const places& in, bool rooms = false);
contestant feathers_5(const places& in, bool rooms = false);
contestant feathers_3(const places& in);

// Starts it on a free port, and returns when it listens.
std::unique_ptr<server_process> start(const contestant& who, const places& in);

}  // namespace flowcast::bench
