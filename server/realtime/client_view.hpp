#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/intrusive/list.hpp>

#include "records/event.hpp"

namespace flowcast::realtime {

// A connected client, as the status page shows it.
struct client_status {
  struct key {
    records::service_index service = 0;
    std::string text;
  };

  std::string session;
  std::string address;
  std::string subject;  // whom its token names; empty: nobody in particular
  std::string_view transport;
  std::int64_t connected_at = 0;  // milliseconds since 1970
  bool chose = false;             // what it hears; else it hears every service that broadcasts
  bool may_hear = true;           // by its rights, anything
  std::size_t subscriptions = 0;
  std::vector<key> keys;  // the first of them; an empty text: the whole service
};

// A client's place among those of its shard, which it leaves by itself.
class client_view : public boost::intrusive::list_base_hook<
                        boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  client_view() = default;
  client_view(const client_view&) = delete;
  client_view& operator=(const client_view&) = delete;
  virtual ~client_view() = default;

  // On the shard's thread.
  [[nodiscard]] virtual client_status describe(std::size_t most_keys) const = 0;
};

// The newest first.
using client_list =
    boost::intrusive::list<client_view, boost::intrusive::constant_time_size<false>>;

}  // namespace flowcast::realtime
