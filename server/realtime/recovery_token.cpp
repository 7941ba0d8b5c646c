#include "realtime/recovery_token.hpp"

namespace flowcast::realtime {

namespace {
constexpr char separator = '.';
}

recovery_token recovery_token::make(const session_id& session, const records::offset& joined) {
  return {random_text(session_id_size), session, joined};
}

std::optional<recovery_token> recovery_token::parse(std::string_view text) {
  constexpr std::size_t ids = session_id_size + 1 + session_id_size;
  if (text.size() <= ids + 1 || text[session_id_size] != separator || text[ids] != separator)
    return {};
  // The public id has the alphabet and the size of a session's.
  const auto sid = session_id::parse(text.substr(0, session_id_size));
  const auto session = session_id::parse(text.substr(session_id_size + 1, session_id_size));
  const auto joined = records::parse_offset(text.substr(ids + 1));
  if (!sid || !session || !joined)
    return {};
  return recovery_token{std::string(sid->text()), *session, *joined};
}

std::string recovery_token::text() const {
  return sid + separator + std::string(session.text()) + separator + records::to_string(joined);
}

}  // namespace flowcast::realtime
