#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace flowcast::stores {

// Words between the nodes that share a store, about what is not kept in it. Nothing is promised but
// the order of what one node says: a message may be lost, and comes to its sender too. Safe from
// any thread.
class peer_link {
 public:
  using heard = std::function<void(std::string_view message)>;

  peer_link() = default;
  peer_link(const peer_link&) = delete;
  peer_link& operator=(const peer_link&) = delete;
  // `listener` is not called any more once this returns.
  virtual ~peer_link() = default;

  // Once. `listener` is called on a thread of the link, and returns soon.
  virtual void listen(heard listener) = 0;
  virtual void tell(const std::string& message) = 0;
};

}  // namespace flowcast::stores
