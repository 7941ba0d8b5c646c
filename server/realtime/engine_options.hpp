#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace flowcast::realtime {

struct engine_options {
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  // From the opening of a session until it must have connected to a namespace (Engine.IO 4).
  std::chrono::milliseconds connect_timeout{45'000};
  // From the opening of a probing websocket until the session must have moved to it.
  std::chrono::milliseconds upgrade_timeout{10'000};
  // From the first byte of a message, or of a packet with attachments, until it is complete.
  std::chrono::milliseconds message_timeout{30'000};
  // Packets and websocket pings a second from one session; 0: any number. See packet_budget.
  unsigned max_packets = 10'000;
  // Of one message from a client with its attachments, and of one polling body, in bytes.
  std::size_t max_payload = 1'000'000;
  // Bytes that wait for one client before its session is ended as too slow.
  std::size_t max_outbound = std::size_t{1024} * 1024;
  // The same of all clients of one shard together; 0: no limit. See operations::backlog.
  std::size_t max_outbound_of_all = 0;
  // Whether sends to many clients may leave together: see send_batch.
  bool io_uring = true;
  // Namespaces beside "/" that clients may connect to.
  std::vector<std::string> namespaces;
};

}  // namespace flowcast::realtime
