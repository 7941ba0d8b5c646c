#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/alarm.hpp"
#include "services/announcer.hpp"
#include "services/presence_peers.hpp"
#include "services/presence_roster.hpp"
#include "services/service.hpp"
#include "stores/peer_link.hpp"
#include "stores/store_options.hpp"

namespace flowcast::services {

inline constexpr std::string_view presence_service_name = "presence";

// The service `presence`: who has a key open, or edits it. Nothing of it is stored: it is what
// connections say while they last, and what other nodes say of theirs (see presence_roster.hpp).
//
// Rules
//  1. create joins, patch changes, remove leaves: the connection's own join, and each answers with
//     the state of the key. Over REST there is no connection: method_not_allowed.
//  2. get and find read states, of keys with somebody present.
//  3. The state of a key goes to its subscribers as `presence patched` whenever it has changed.
class presence_service final : public service {
 public:
  // `peers`: nullptr where there are no other nodes.
  presence_service(service_index index, const presence_options& options, std::string node,
                   std::unique_ptr<stores::peer_link> peers, stores::wall_clock now);
  ~presence_service() override;
  presence_service(const presence_service&) = delete;
  presence_service& operator=(const presence_service&) = delete;

  // `to` outlives stop(). Throws std::runtime_error if other nodes cannot be listened to.
  void start(announcer& to);
  // Announces no more, and says goodbye to other nodes.
  void stop();

  void handle(call request, const caller& who, answered done) override;
  void left(session_number session) override;
  [[nodiscard]] bool is_logged() const override { return false; }
  [[nodiscard]] std::optional<std::string> state_of(
      const std::vector<std::string>& keys) const override;

 private:
  [[nodiscard]] std::optional<records::error> refuse(call& request, const caller& who) const;
  [[nodiscard]] result<std::string> find(const records::query& query) const;
  [[nodiscard]] result<std::string> get(const call& request) const;
  [[nodiscard]] result<std::string> join(const call& request, const caller& who);
  [[nodiscard]] result<std::string> change(const call& request, const caller& who);
  [[nodiscard]] result<std::string> leave(const call& request, session_number session);
  [[nodiscard]] std::optional<records::error> too_many(session_number session,
                                                       const std::string& key) const;
  [[nodiscard]] std::optional<std::chrono::milliseconds> tick();

  presence_options limits_;
  stores::wall_clock clock_;
  announcer* to_ = nullptr;
  mutable std::mutex mutex_;
  presence_roster roster_;
  presence_peers peers_;
  std::unique_ptr<stores::peer_link> link_;
  alarm alarm_;
};

}  // namespace flowcast::services
