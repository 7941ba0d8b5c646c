#include "records/key_patterns.hpp"

namespace flowcast::records {

namespace {

constexpr char any_text = '*';

// Only the last star that was met can be wrong about where its text ends.
bool fits(std::string_view pattern, std::string_view key) {
  std::size_t at = 0;
  std::size_t in_key = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_ends = 0;
  while (in_key < key.size()) {
    if (at < pattern.size() && pattern[at] == any_text) {
      star = at++;
      star_ends = in_key;
    } else if (at < pattern.size() && pattern[at] == key[in_key]) {
      ++at;
      ++in_key;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in_key = ++star_ends;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of(any_text, at) == std::string_view::npos;
}

}  // namespace

key_patterns key_patterns::all() {
  key_patterns made;
  made.all_ = true;
  return made;
}

void key_patterns::add(std::string_view pattern) {
  if (!pattern.empty() && pattern.find_first_not_of(any_text) == std::string_view::npos) {
    all_ = true;
  } else if (pattern.find(any_text) == std::string_view::npos) {
    exact_.emplace(pattern);
  } else {
    patterns_.emplace_back(pattern);
  }
}

bool key_patterns::matches(std::string_view key) const {
  if (all_) {
    return true;
  }
  if (key.empty()) {
    return false;
  }
  if (exact_.contains(key)) {
    return true;
  }
  for (const std::string& pattern : patterns_) {
    if (fits(pattern, key)) {
      return true;
    }
  }
  return false;
}

std::optional<std::vector<std::string>> key_patterns::listed() const {
  if (all_ || !patterns_.empty()) {
    return std::nullopt;
  }
  return std::vector<std::string>(exact_.begin(), exact_.end());
}

}  // namespace flowcast::records
