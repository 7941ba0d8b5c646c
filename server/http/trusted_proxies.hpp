#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address_v6.hpp>

namespace flowcast::http {

// The proxies whose word on where a request comes from (X-Forwarded-For) is taken.
class trusted_proxies {
 public:
  // An address, or a network such as 10.0.0.0/8. Without a value for anything else.
  struct network {
    boost::asio::ip::address_v6 address;  // IPv4 as mapped
    unsigned bits = 128;
  };
  [[nodiscard]] static std::optional<network> parse(std::string_view text);

  explicit trusted_proxies(std::vector<network> networks);

  // The client's address: the peer's own, or, as long as one that is trusted says so, the one
  // before it in the header.
  [[nodiscard]] std::string client(const std::string& peer, std::string_view forwarded_for) const;
  [[nodiscard]] bool trusts(std::string_view address) const;

 private:
  std::vector<network> networks_;
};

}  // namespace flowcast::http
