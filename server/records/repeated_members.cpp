#include "records/repeated_members.hpp"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <utility>
#include <vector>

namespace flowcast::records {

using protocol::json_member;
using protocol::json_value;

bool seen_names::add(json_value name) {
  const std::string_view text = name.text();
  if (all_ || count_ == few_.size() || text.find('\\') != std::string_view::npos) {
    return add_slowly(name);
  }
  const auto end = few_.begin() + static_cast<std::ptrdiff_t>(count_);
  if (std::find(few_.begin(), end, text) != end) {
    return true;
  }
  few_[count_++] = text;
  return false;
}

bool seen_names::add_slowly(json_value name) {
  if (!all_) {
    all_.emplace();
  }
  for (; count_ > 0; --count_) {
    const std::string_view quoted = few_[count_ - 1];
    all_->emplace(quoted.substr(1, quoted.size() - 2));  // without escapes, it is what it means
  }
  std::string buffer;
  return !all_->emplace(name.string(buffer)).second;
}

std::string without_repeated_members(json_value object) {
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
