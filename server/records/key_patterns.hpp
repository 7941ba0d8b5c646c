#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace flowcast::records {

inline constexpr std::size_t longest_key_pattern = 512;  // bytes

// Which keys are meant: those that equal one of some texts, or match one of some patterns, in which
// `*` stands for any characters, or none. A value, safe to read from any thread.
class key_patterns {
 public:
  key_patterns() = default;  // no key at all
  [[nodiscard]] static key_patterns all();

  void add(std::string_view pattern);

  [[nodiscard]] bool matches(std::string_view key) const;
  // Every record: also one that has no key, which nothing but `*` alone matches.
  [[nodiscard]] bool is_all() const { return all_; }
  [[nodiscard]] bool is_none() const { return !all_ && exact_.empty() && patterns_.empty(); }
  // All that match, where they can be counted: there is no pattern among them.
  [[nodiscard]] std::optional<std::vector<std::string>> listed() const;

  friend bool operator==(const key_patterns&, const key_patterns&) = default;

 private:
  bool all_ = false;
  std::set<std::string, std::less<>> exact_;
  std::vector<std::string> patterns_;
};

}  // namespace flowcast::records
