#include "protocol/json_value.hpp"

#include "protocol/json_string.hpp"
#include "protocol/text_runs.hpp"

namespace flowcast::protocol {

namespace {

// All of this walks checked text, whose brackets match and whose strings end.

constexpr bool separates(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ':';
}

const char* after_string(const char* quote, const char* end) {
  const char* at = quote + 1;
  while (true) {
    at = skip_plain(at, end);
    if (*at == '"') {
      return at + 1;
    }
    at += *at == '\\' ? 2 : 1;
  }
}

const char* after_container(const char* bracket, const char* end) {
  std::size_t depth = 0;
  for (const char* at = bracket;;) {
    switch (*at) {
      case '"':
        at = after_string(at, end);
        continue;
      case '[':
      case '{':
        ++depth;
        break;
      case ']':
      case '}':
        if (--depth == 0) {
          return at + 1;
        }
        break;
      default:
        break;
    }
    ++at;
  }
}

const char* after_value(const char* at, const char* end) {
  if (*at == '"') {
    return after_string(at, end);
  }
  if (*at == '[' || *at == '{') {
    return after_container(at, end);
  }
  while (at != end && !separates(*at) && *at != ']' && *at != '}') {
    ++at;
  }
  return at;
}

}  // namespace

json_kind json_value::kind() const {
  if (text_.empty()) {
    return json_kind::absent;
  }
  switch (text_.front()) {
    case 'n':
      return json_kind::null;
    case 't':
    case 'f':
      return json_kind::boolean;
    case '"':
      return json_kind::string;
    case '[':
      return json_kind::array;
    case '{':
      return json_kind::object;
    default:
      return json_kind::number;
  }
}

json_value json_cursor::next() {
  const char* at = rest_.data();
  const char* const end = at + rest_.size();
  while (at != end && separates(*at)) {
    ++at;
  }
  if (at == end || *at == ']' || *at == '}') {
    rest_ = {};
    return {};
  }
  const char* const after = after_value(at, end);
  rest_ = {after, static_cast<std::size_t>(end - after)};
  return json_value({at, static_cast<std::size_t>(after - at)});
}

json_elements json_value::elements() const {
  return json_elements(json_cursor(is(json_kind::array) ? text_.substr(1) : std::string_view()));
}

json_members json_value::members() const {
  return json_members(json_cursor(is(json_kind::object) ? text_.substr(1) : std::string_view()));
}

json_value json_value::member(std::string_view name) const {
  json_value found;
  for (const json_member& candidate : members()) {
    if (candidate.name.equals(name)) {
      found = candidate.value;
    }
  }
  return found;
}

json_value json_value::element(std::size_t index) const {
  for (const json_value& candidate : elements()) {
    if (index-- == 0) {
      return candidate;
    }
  }
  return {};
}

bool json_value::equals(std::string_view content) const {
  if (!is(json_kind::string)) {
    return false;
  }
  const std::string_view raw = text_.substr(1, text_.size() - 2);
  if (raw.find('\\') == std::string_view::npos) {
    return raw == content;
  }
  json_string_reader reader(text_);
  while (true) {
    const std::string_view piece = reader.next();
    if (piece.empty()) {
      return content.empty();
    }
    if (!content.starts_with(piece)) {
      return false;
    }
    content.remove_prefix(piece.size());
  }
}

std::string_view json_value::string(std::string& buffer) const {
  if (!is(json_kind::string)) {
    return {};
  }
  const std::string_view raw = text_.substr(1, text_.size() - 2);
  if (raw.find('\\') == std::string_view::npos) {
    return raw;
  }
  buffer.clear();
  json_string_reader reader(text_);
  for (std::string_view piece = reader.next(); !piece.empty(); piece = reader.next()) {
    buffer.append(piece);
  }
  return buffer;
}

}  // namespace flowcast::protocol
