#include "services/client_group.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

namespace flowcast::services {

namespace {

constexpr std::size_t parts_of_network = 4;
constexpr std::size_t parts_of_address = 8;

std::string_view without_zeros(std::string_view part) {
  const std::size_t first = part.find_first_not_of('0');
  return first == std::string_view::npos ? "0" : part.substr(first);
}

std::size_t count_parts(std::string_view text) {
  return text.empty() ? 0 : static_cast<std::size_t>(std::count(text.begin(), text.end(), ':')) + 1;
}

}  // namespace

std::string client_group(std::string_view address) {
  const bool is_v6 = address.find(':') != std::string_view::npos;
  const bool has_v4_inside = address.find('.') != std::string_view::npos;
  if (!is_v6 || has_v4_inside) {
    return std::string(address);
  }
  // "::" stands for as many zeros as there are parts missing.
  const std::size_t gap = address.find("::");
  const std::string_view head = address.substr(0, gap);
  const std::string_view tail =
      gap == std::string_view::npos ? std::string_view() : address.substr(gap + 2);
  std::array<std::string_view, parts_of_address> parts;
  parts.fill("0");
  const auto fill = [&](std::string_view from, std::size_t at) {
    while (!from.empty() && at < parts.size()) {
      const std::size_t colon = from.find(':');
      parts.at(at++) = without_zeros(from.substr(0, colon));
      from = colon == std::string_view::npos ? std::string_view() : from.substr(colon + 1);
    }
  };
  fill(head, 0);
  fill(tail, parts_of_address - std::min(parts_of_address, count_parts(tail)));
  std::string network;
  for (std::size_t i = 0; i < parts_of_network; ++i) {
    network.append(parts.at(i)).push_back(':');
  }
  std::transform(network.begin(), network.end(), network.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return network + ":/64";
}

}  // namespace flowcast::services
