#include "auth/json_web_token.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <system_error>
#include <utility>

#include "auth/base64url.hpp"
#include "protocol/json_scanner.hpp"

namespace flowcast::auth {

using protocol::json_kind;
using protocol::json_value;
using records::error;
using records::result;

namespace {

constexpr unsigned deepest_header = 4;
constexpr unsigned deepest_payload = 16;
constexpr double latest_time = 253'402'300'799;  // the end of the year 9999
// What is later is taken for this: the clock's nanoseconds in 64 bits end in the year 2262, and
// leeway is added.
constexpr double latest_known = 9'000'000'000;

// As the reference server's library for tokens calls what is wrong with them: Feathers' clients
// tell a token that has expired from one that never was right by it.
error refused(std::string why, std::string_view data = malformed_token) {
  return {records::errc::not_authenticated, std::move(why), std::string(data), {}};
}

struct parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_text;
};

std::optional<parts> split(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1), token.substr(0, second)};
}

// The object in a text that outlives it; absent if it is none, or has a member twice.
json_value object_in(const std::string& text, unsigned deepest) {
  const protocol::json_scan scan = protocol::scan_json(text, deepest);
  if (!scan || !scan.value.is(json_kind::object)) {
    return {};
  }
  std::set<std::string, std::less<>> names;
  std::string buffer;
  for (const protocol::json_member& each : scan.value.members()) {
    if (!names.emplace(each.name.string(buffer)).second) {
      return {};
    }
  }
  return scan.value;
}

std::string text_of(json_value value) {
  std::string buffer;
  return std::string(value.string(buffer));
}

// The key that verifies it, or nullptr.
const token_key* signer_of(const parts& token, json_value header, algorithm how,
                           const std::vector<token_key>& keys, std::string_view signature) {
  const std::string id = text_of(header.member("kid"));
  const bool known = !id.empty() && std::any_of(keys.begin(), keys.end(),
                                                [&](const auto& key) { return key.id() == id; });
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const token_key& key) {
    return (!known || key.id() == id) && key.allows(how) &&
           key.verify(how, token.signed_text, signature);
  });
  return found == keys.end() ? nullptr : &*found;
}

// A NumericDate. `into` stays empty where there is none; false: it is no such thing.
bool read_time(json_value value, std::optional<wall_clock::time_point>& into) {
  if (!value) {
    return true;
  }
  if (!value.is(json_kind::number)) {
    return false;
  }
  double seconds = 0;
  const std::string_view text = value.text();
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (fault != std::errc() || !(seconds >= 0) || !(seconds <= latest_time)) {
    return false;
  }
  into = wall_clock::time_point(std::chrono::duration_cast<wall_clock::duration>(
      std::chrono::duration<double>(std::floor(std::min(seconds, latest_known)))));
  return true;
}

bool is_text_or_absent(json_value value) {
  return !value || value.is(json_kind::string);
}

bool names_audience(json_value given, const std::vector<std::string>& wanted) {
  const auto is_wanted = [&](json_value one) {
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](const std::string& name) { return one.equals(name); });
  };
  if (given.is(json_kind::array)) {
    bool found = false;
    for (const json_value& each : given.elements()) {
      if (!each.is(json_kind::string)) {
        return false;
      }
      found = found || is_wanted(each);
    }
    return found;
  }
  return given.is(json_kind::string) && is_wanted(given);
}

}  // namespace

result<identity> read_claims(std::string payload, const token_rules& rules,
                             wall_clock::time_point now) {
  const json_value claims = object_in(payload, deepest_payload);
  if (!claims) {
    return refused("the token's payload is no JSON object, or has a member twice");
  }
  identity made;
  std::optional<wall_clock::time_point> not_before;
  if (!read_time(claims.member("exp"), made.expires) ||
      !read_time(claims.member("nbf"), not_before)) {
    return refused("the token's 'exp' or 'nbf' is no time");
  }
  if (!made.expires && rules.must_expire) {
    return refused("the token does not expire: it needs the claim 'exp'");
  }
  if (made.expires && now >= *made.expires + rules.leeway) {
    return refused("the token has expired: get a new one", expired_token);
  }
  if (not_before && now + rules.leeway < *not_before) {
    return refused("the token is not valid yet: do the clocks agree?", early_token);
  }
  if (!rules.issuer.empty() && !claims.member("iss").equals(rules.issuer)) {
    return refused("the token is from another issuer than '" + rules.issuer + "'");
  }
  if (!rules.audiences.empty() && !names_audience(claims.member("aud"), rules.audiences)) {
    return refused("the token is for another audience than '" + rules.audiences.front() + "'");
  }
  if (!is_text_or_absent(claims.member("sub")) || !is_text_or_absent(claims.member("jti")) ||
      !is_text_or_absent(claims.member("iss"))) {
    return refused("the token's 'sub', 'jti' or 'iss' is no text");
  }
  made.subject = text_of(claims.member("sub"));
  made.token_id = text_of(claims.member("jti"));
  made.name = text_of(claims.member("name"));
  made.may = rules.without_claim;
  if (const json_value claim = claims.member("flowcast")) {
    auto given = rights::read(claim);
    if (!given) {
      return refused(given.error().message);
    }
    made.may = *std::move(given);
  }
  made.claims = std::move(payload);
  return made;
}

result<identity> read_token(std::string_view token, const std::vector<token_key>& keys,
                            const token_rules& rules, wall_clock::time_point now) {
  if (token.size() > longest_token) {
    return refused("the token is longer than " + std::to_string(longest_token) + " bytes");
  }
  const auto found = split(token);
  const auto header_text = found ? from_base64url(found->header) : std::nullopt;
  auto payload = found ? from_base64url(found->payload) : std::nullopt;
  const auto signature = found ? from_base64url(found->signature) : std::nullopt;
  const json_value header = header_text ? object_in(*header_text, deepest_header) : json_value();
  if (!header || !payload || !signature) {
    return refused("jwt malformed: it must be three parts of base64url, HEADER.PAYLOAD.SIGNATURE");
  }
  if (header.member("crit")) {
    return refused("the token needs an extension ('crit') that is not understood");
  }
  const auto how = parse_algorithm(text_of(header.member("alg")));
  if (!how) {
    return refused(
        "the token's algorithm is not accepted: it must be one of HS256, HS384, HS512, RS256, "
        "PS256, ES256, EdDSA");
  }
  const token_key* const signer = signer_of(*found, header, *how, keys, *signature);
  if (signer == nullptr) {
    return refused("the token's signature is not right, or no key of the server verifies it",
                   unknown_signer);
  }
  auto made = read_claims(*std::move(payload), rules, now);
  if (made) {
    made->signer = signer->fingerprint();
  }
  return made;
}

}  // namespace flowcast::auth
