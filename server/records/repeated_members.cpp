#include "records/repeated_members.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace flowcast::records {

using protocol::json_member;
using protocol::json_value;

namespace {

// Objects with more names, and names with escapes, are looked at the slow way.
constexpr std::size_t most_compared = 16;

bool repeats_slowly(json_value object) {
  std::unordered_set<std::string> names;
  std::string buffer;
  for (const json_member& member : object.members()) {
    if (!names.emplace(member.name.string(buffer)).second) {
      return true;
    }
  }
  return false;
}

bool repeats(json_value object) {
  std::array<std::string_view, most_compared> names;
  std::size_t count = 0;
  for (const json_member& member : object.members()) {
    const std::string_view name = member.name.text();
    if (count == names.size() || name.find('\\') != std::string_view::npos) {
      return repeats_slowly(object);
    }
    const auto end = names.begin() + static_cast<std::ptrdiff_t>(count);
    if (std::find(names.begin(), end, name) != end) {
      return true;
    }
    names[count++] = name;
  }
  return false;
}

}  // namespace

std::optional<std::string> without_repeated_members(json_value object) {
  if (!repeats(object)) {
    return std::nullopt;
  }
  std::vector<json_member> kept;
  std::unordered_map<std::string, std::size_t> places;
  std::string buffer;
  for (const json_member& member : object.members()) {
    const auto [place, is_new] =
        places.try_emplace(std::string(member.name.string(buffer)), kept.size());
    if (is_new) {
      kept.push_back(member);
    } else {
      kept[place->second].value = member.value;
    }
  }
  std::string json = "{";
  for (const json_member& member : kept) {
    if (json.size() > 1) {
      json += ',';
    }
    json += member.name.text();
    json += ':';
    json += member.value.text();
  }
  json += '}';
  return json;
}

}  // namespace flowcast::records
