#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "stores/nats_link.hpp"
#include "stores/nats_message.hpp"
#include "stores/sqlite_log.hpp"
#include "stores/store_options.hpp"

namespace flowcast::stores {

// What has to be done to a stream when its time has come, by whichever node sees it first:
// delivering what was delayed, trimming what retention does not keep, and purging what no node
// needs any more. It is asked for by a message whose name all nodes share, so that the stream
// stores it once. On the thread that follows the stream.
class nats_upkeep {
 public:
  nats_upkeep(nats_link& link, const store_options& options) : link_(&link), options_(&options) {}

  void look(sqlite_log& log);

 private:
  using steady_time = std::chrono::steady_clock::time_point;

  void ask(log_message message, const std::string& name);

  nats_link* link_;
  const store_options* options_;
  std::map<std::string, steady_time> asked_;  // when, by the message's name
  std::uint64_t purged_ = 0;
};

}  // namespace flowcast::stores
