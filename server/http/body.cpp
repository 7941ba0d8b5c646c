#include "http/body.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include <boost/beast/core/string.hpp>

#include "http/content_coding.hpp"
#include "records/query_string.hpp"

namespace flowcast::http {

namespace beast = boost::beast;
using records::errc;
using records::error;

namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

struct media_type {
  std::string_view name;
  std::string_view charset;
};

media_type read_type(std::string_view text) {
  media_type made;
  std::size_t end = text.find(';');
  made.name = trimmed(text.substr(0, end));
  while (end != std::string_view::npos) {
    text.remove_prefix(end + 1);
    end = text.find(';');
    const std::string_view parameter = trimmed(text.substr(0, end));
    const std::size_t equals = parameter.find('=');
    if (equals != std::string_view::npos &&
        beast::iequals(trimmed(parameter.substr(0, equals)), "charset")) {
      made.charset = trimmed(parameter.substr(equals + 1));
      if (made.charset.size() >= 2 && made.charset.front() == '"' && made.charset.back() == '"') {
        made.charset = made.charset.substr(1, made.charset.size() - 2);
      }
    }
  }
  return made;
}

error unsupported(std::string message) {
  return {errc::unsupported_media_type, std::move(message), {}, {}};
}

}  // namespace

records::result<std::string> read_document_text(request& in, std::size_t most) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (in.body.empty() && in.content_type.empty()) {
    return std::string("{}");
  }
  const media_type type = read_type(in.content_type);
  const bool is_json =
      type.name == "application/json" || beast::iequals(type.name, "application/json");
  if (!is_json && !beast::iequals(type.name, "application/x-www-form-urlencoded")) {
    return unsupported(in.content_type.empty()
                           ? "the request has no Content-Type: send Content-Type: application/json"
                           : "the Content-Type is `" + in.content_type +
                                 "`: send Content-Type: application/json");
  }
  if (!type.charset.empty() && !beast::iequals(type.charset, "utf-8") &&
      !beast::iequals(type.charset, "utf8")) {
    std::string upper(type.charset);
    std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
      return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    });
    return unsupported("unsupported charset \"" + upper + "\"");
  }
  if (!in.content_encoding.empty()) {
    auto decoded = decode_content(in.content_encoding, std::move(in.body), most);
    if (!decoded) {
      return decoded.error();
    }
    in.body = *std::move(decoded);
  }
  if (!is_json) {
    return records::query_string_to_json(in.body);
  }
  if (in.body.empty()) {
    return std::string("{}");
  }
  if (in.body.starts_with(byte_order_mark)) {
    in.body.erase(0, byte_order_mark.size());
  }
  return std::move(in.body);
}

}  // namespace flowcast::http
