#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flowcast::realtime {

// Where a session is, until it ends: never found again after.
struct session_handle {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
};

inline constexpr std::size_t session_id_size = 20;
inline constexpr std::size_t session_name_size = 10;

// An Engine.IO session id: as long as those of the reference server and from the same alphabet. Its
// first characters tell the shard and the slot, so that any shard that gets a request knows where
// the session lives without a shared table; the rest is 84 random bits, which make it a secret.
class session_id {
 public:
  [[nodiscard]] static session_id make(unsigned shard, std::uint32_t slot);
  // Nothing for what make() cannot have written.
  [[nodiscard]] static std::optional<session_id> parse(std::string_view text);

  [[nodiscard]] unsigned shard() const;
  [[nodiscard]] std::uint32_t slot() const;
  // The secret itself: for its client alone, whose session it opens.
  [[nodiscard]] std::string_view text() const { return {text_.data(), text_.size()}; }
  // Its beginning, for people who read logs and the status page: 60 random bits are left out.
  [[nodiscard]] std::string_view name() const { return text().substr(0, session_name_size); }

  friend bool operator==(const session_id&, const session_id&) = default;

 private:
  std::array<char, session_id_size> text_{};
};

// `size` characters of the same alphabet, six unpredictable bits each.
[[nodiscard]] std::string random_text(std::size_t size);

}  // namespace flowcast::realtime
