#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "realtime/session_id.hpp"
#include "records/offset.hpp"

namespace flowcast::realtime {

// The `pid` of connection state recovery (Socket.IO protocol 5, since 4.6): a secret between a
// client and the cluster. It tells all that is needed to recover a client that has no offset yet,
// on any node and after a restart: the public id that it keeps, the session that it may still have
// open here, and the offset at which it connected.
struct recovery_token {
  std::string sid;         // Socket.IO's id of the client
  session_id session;      // of the connection that it was given on
  records::offset joined;  // what the client had when it was given

  [[nodiscard]] static recovery_token make(const session_id& session,
                                           const records::offset& joined);
  [[nodiscard]] static std::optional<recovery_token> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
};

}  // namespace flowcast::realtime
