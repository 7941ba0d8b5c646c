#include "auth/authenticator.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <utility>

#include "auth/hash.hpp"
#include "auth/json_web_key.hpp"
#include "auth/key_digest.hpp"
#include "protocol/utf8.hpp"

namespace flowcast::auth {

struct authenticator::known {
  auth_options options;
  key_sets fetched;
  std::vector<token_key> keys;  // all, also those that were fetched
  std::set<std::string, std::less<>> revoked_tokens;
  std::set<std::string, std::less<>> revoked_subjects;
  identity_ptr anonymous;

  // In a time that does not tell which.
  [[nodiscard]] const static_key* find(std::string_view digest) const {
    const static_key* found = nullptr;
    for (const static_key& each : options.static_keys) {
      found = same_secret(each.digest, digest) ? &each : found;
    }
    return found != nullptr && !revoked_subjects.contains(found->name) ? found : nullptr;
  }

  [[nodiscard]] bool knows_signer(const identity& who) const {
    return std::any_of(keys.begin(), keys.end(),
                       [&](const token_key& each) { return each.fingerprint() == who.signer; });
  }

  [[nodiscard]] bool revokes(const identity& who) const {
    return (!who.token_id.empty() && revoked_tokens.contains(who.token_id)) ||
           (!who.subject.empty() && revoked_subjects.contains(who.subject));
  }
};

namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) {
    throw std::runtime_error("cannot read the key in " + path +
                             ": does the file exist, and may this user read it?");
  }
  if (protocol::begins_as_utf16(text)) {
    throw std::runtime_error("cannot use the key in " + path +
                             ": it is UTF-16, as PowerShell's > writes it; save it as UTF-8");
  }
  return std::string(protocol::without_byte_order_mark(text));
}

std::string without_end(std::string text) {
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

template <class T>
T required(records::result<T> made, const std::string& path) {
  if (!made) {
    throw std::runtime_error("cannot use the key in " + path + ": " + made.error().message);
  }
  return *std::move(made);
}

constexpr std::chrono::seconds retry{5};

records::error unknown_key() {
  return {records::errc::not_authenticated,
          "this is no JWT, and as a publisher's key it is not known, or was revoked",
          std::string(malformed_token),
          {}};
}

records::error revoked() {
  return {records::errc::not_authenticated, "the token was revoked", {}, {}};
}

identity_ptr identity_of(const static_key& key) {
  identity made;
  made.subject = key.name;
  made.token_id = key.digest;
  made.may = key.may;
  return std::make_shared<const identity>(std::move(made));
}

}  // namespace

authenticator::authenticator(const auth_options& options, clock_reader now)
    : now_(std::move(now)), on_(options.on()), known_(read(options, {})) {}

authenticator::~authenticator() = default;

std::shared_ptr<const authenticator::known> authenticator::read(const auth_options& options,
                                                                key_sets fetched) {
  auto made = std::make_shared<known>();
  made->options = options;
  for (const std::string& path : options.secret_files) {
    made->keys.push_back(required(token_key::from_secret(without_end(read_file(path))), path));
  }
  for (const std::string& path : options.public_key_files) {
    made->keys.push_back(required(token_key::from_pem(read_file(path)), path));
  }
  for (const std::string& path : options.key_set_files) {
    std::vector<token_key> set = required(read_key_set(read_file(path)), path);
    std::move(set.begin(), set.end(), std::back_inserter(made->keys));
  }
  for (const std::string& url : options.key_set_urls) {
    const std::vector<token_key>& set = fetched[url];
    made->keys.insert(made->keys.end(), set.begin(), set.end());
  }
  made->fetched = std::move(fetched);
  made->revoked_tokens.insert(options.revoked_tokens.begin(), options.revoked_tokens.end());
  made->revoked_subjects.insert(options.revoked_subjects.begin(), options.revoked_subjects.end());
  identity nobody;
  nobody.may = options.anonymous;
  made->anonymous = std::make_shared<const identity>(std::move(nobody));
  return made;
}

std::shared_ptr<const authenticator::known> authenticator::current() const {
  const std::lock_guard lock(mutex_);
  return known_;
}

records::result<identity_ptr> authenticator::authenticate(std::string_view token) const {
  const auto with = current();
  // A JWT has dots, and a digest of a static key is compared in constant time.
  if (token.find('.') == std::string_view::npos) {
    const std::string digest = digest_of(token.substr(0, longest_token));
    const static_key* const found = with->find(digest);
    return found == nullptr ? records::result<identity_ptr>(unknown_key()) : identity_of(*found);
  }
  auto read = read_token(token, with->keys, with->options.rules, now());
  if (!read) {
    if (read.error().data == unknown_signer) {
      unknown_key_ = true;
      const bool complete = std::all_of(with->fetched.begin(), with->fetched.end(),
                                        [](const auto& one) { return !one.second.empty(); });
      if (!complete) {
        return records::error{records::errc::unavailable,
                              "the server's keys for tokens have not been fetched yet",
                              {},
                              retry};
      }
    }
    return read.error();
  }
  if (with->revokes(*read)) {
    return revoked();
  }
  return std::make_shared<const identity>(*std::move(read));
}

identity_ptr authenticator::anonymous() const {
  return on_ ? current()->anonymous : nullptr;
}

records::result<identity_ptr> authenticator::again(const identity_ptr& who) const {
  const auto with = current();
  if (who->is_nobody()) {
    return with->anonymous;
  }
  if (who->claims.empty()) {
    const static_key* const found = with->find(who->token_id);
    return found == nullptr ? records::result<identity_ptr>(unknown_key()) : identity_of(*found);
  }
  auto made = read_claims(who->claims, with->options.rules, now());
  if (!made) {
    return made.error();
  }
  if (with->revokes(*made) || !with->knows_signer(*who)) {
    return revoked();
  }
  made->signer = who->signer;
  return std::make_shared<const identity>(*std::move(made));
}

std::string authenticator::reload(const auth_options& options) {
  if (options.on() != on_) {
    return "authentication is turned on or off by a restart";
  }
  const std::lock_guard one_at_a_time(changes_);
  try {
    auto fresh = read(options, current()->fetched);
    const std::lock_guard lock(mutex_);
    known_ = std::move(fresh);
    return {};
  } catch (const std::runtime_error& failed) {
    return failed.what();
  }
}

std::string authenticator::take_key_set(const std::string& url, std::string_view json) {
  auto set = read_key_set(protocol::without_byte_order_mark(json));
  if (!set) {
    return set.error().message;
  }
  // A secret that is on the web is none.
  std::erase_if(*set, [](const token_key& key) { return key.allows(algorithm::hs256); });
  if (set->empty()) {
    return "there is no public key in this JWK set";
  }
  const std::lock_guard one_at_a_time(changes_);
  const auto before = current();
  try {
    key_sets fetched = before->fetched;
    fetched[url] = *std::move(set);
    auto fresh = read(before->options, std::move(fetched));
    const std::lock_guard lock(mutex_);
    known_ = std::move(fresh);
    return {};
  } catch (const std::runtime_error& failed) {
    return failed.what();
  }
}

std::string authenticator::algorithms() const {
  std::string all;
  const auto with = current();
  for (const token_key& key : with->keys) {
    const std::string one = key.algorithms();
    if (all.find(one) == std::string::npos) {
      all.append(all.empty() ? "" : ", ").append(one);
    }
  }
  return all;
}

}  // namespace flowcast::auth
