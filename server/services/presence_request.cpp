#include "services/presence_request.hpp"

#include <utility>

#include "protocol/json_scanner.hpp"
#include "records/record.hpp"
#include "services/access.hpp"

namespace flowcast::services {

using protocol::json_kind;
using protocol::json_value;
using records::errc;
using records::error;

namespace {

error refuse(std::string why) {
  return {errc::bad_request, std::move(why), {}, {}};
}

bool is_given(json_value value) {
  return value && !value.is(json_kind::null);
}

records::result<void> read_text(std::optional<std::string>& into, json_value from,
                                std::string_view name) {
  std::string buffer;
  if (!is_given(from) || (from.is(json_kind::string) && from.string(buffer).empty())) {
    return {};
  }
  if (!from.is(json_kind::string) || from.string(buffer).size() > longest_presence_name) {
    return refuse("'" + std::string(name) + "' is a text of at most " +
                  std::to_string(longest_presence_name) + " bytes");
  }
  into = from.string(buffer);
  return {};
}

}  // namespace

records::result<presence_request> read_presence_request(std::string_view document, bool joins,
                                                        const auth::identity* who) {
  const protocol::json_scan scan = protocol::scan_json(document, records::deepest_record);
  if (!scan || !scan.value.is(json_kind::object)) {
    return refuse(
        R"(Presence is a JSON object: {"key":"…","user":"…","name":"…","editing":false})");
  }
  presence_request read;
  if (auto name = read_text(read.name, scan.value.member("name"), "name"); !name) {
    return name.error();
  }
  prove_name(read.name, who);
  if (const json_value editing = scan.value.member("editing"); is_given(editing)) {
    if (!editing.is(json_kind::boolean)) {
      return refuse("'editing' is true or false");
    }
    read.editing = editing.is_true();
  }
  if (!joins) {
    return read;
  }
  const json_value key = scan.value.member("key");
  if (key.is(json_kind::string) || key.is(json_kind::number)) {
    read.key = records::key_of(key);
  }
  if (read.key.empty() || read.key.size() > longest_presence_key) {
    return refuse("Say what is open: 'key' is a text of at most " +
                  std::to_string(longest_presence_key) + " bytes, such as a GUID");
  }
  std::optional<std::string> user;
  if (auto given = read_text(user, scan.value.member("user"), "user"); !given) {
    return given.error();
  }
  if (auto refused = refuse_pose(who, user)) {
    return *std::move(refused);
  }
  read.user = user.value_or(who == nullptr ? std::string() : who->subject);
  if (read.user.empty()) {
    return refuse("Say who is there: 'user' is a text of your own, the same in all of their tabs");
  }
  return read;
}

}  // namespace flowcast::services
