#include "http/trusted_proxies.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/ip/address.hpp>

#include "protocol/decimal.hpp"

namespace flowcast::http {

namespace ip = boost::asio::ip;

namespace {

constexpr unsigned mapped_bits = 96;  // of an IPv4 address within IPv6

std::optional<ip::address_v6> read(std::string_view text, bool* is_v4 = nullptr) {
  boost::system::error_code failed;
  const ip::address address = ip::make_address(text, failed);
  if (failed) {
    return std::nullopt;
  }
  if (is_v4 != nullptr) {
    *is_v4 = address.is_v4();
  }
  return address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6();
}

bool is_within(const ip::address_v6& address, const trusted_proxies::network& network) {
  const auto a = address.to_bytes();
  const auto b = network.address.to_bytes();
  const std::size_t whole = network.bits / 8;
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) {
    return false;
  }
  const unsigned rest = network.bits % 8;
  return rest == 0 || (a[whole] >> (8 - rest)) == (b[whole] >> (8 - rest));
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::optional<trusted_proxies::network> trusted_proxies::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  bool is_v4 = false;
  const auto address = read(text.substr(0, slash), &is_v4);
  if (!address) {
    return std::nullopt;
  }
  network made{*address, 128};
  if (slash != std::string_view::npos) {
    const auto bits = protocol::whole_number<unsigned>(text.substr(slash + 1));
    if (!bits || *bits > (is_v4 ? 32 : 128)) {
      return std::nullopt;
    }
    made.bits = *bits + (is_v4 ? mapped_bits : 0);
  }
  return made;
}

trusted_proxies::trusted_proxies(std::vector<network> networks) : networks_(std::move(networks)) {}

bool trusted_proxies::trusts(std::string_view address) const {
  const auto known = read(address);
  return known && std::any_of(networks_.begin(), networks_.end(),
                              [&](const network& one) { return is_within(*known, one); });
}

std::string trusted_proxies::client(const std::string& peer, std::string_view forwarded_for) const {
  if (networks_.empty() || forwarded_for.empty() || !trusts(peer)) {
    return peer;
  }
  std::string_view nearest = peer;
  while (!forwarded_for.empty() && trusts(nearest)) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::string_view before =
        trimmed(comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1));
    if (!read(before)) {
      break;  // no address: what is behind it cannot be trusted either
    }
    nearest = before;
    forwarded_for =
        comma == std::string_view::npos ? std::string_view() : forwarded_for.substr(0, comma);
  }
  return std::string(nearest);
}

}  // namespace flowcast::http
