#include "services/presence_service.hpp"

#include <algorithm>
#include <utility>

#include "services/access.hpp"
#include "services/document_list.hpp"
#include "services/page_json.hpp"
#include "services/presence_request.hpp"

namespace flowcast::services {

using records::errc;
using records::error;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

service_options options_of_presence() {
  service_options options;
  options.definition.name = presence_service_name;
  options.definition.id_field = "key";
  options.definition.key_field = "key";
  options.multi = false;
  options.deliver = delivery::keyed;
  return options;
}

records::record record_of(const std::string& key, std::string json) {
  return {records::record_id::from_text(key), key, std::move(json)};
}

}  // namespace

presence_service::presence_service(service_index index, const presence_options& options,
                                   std::string node, std::unique_ptr<stores::peer_link> peers,
                                   stores::wall_clock now)
    : service(index, options_of_presence()),
      limits_(options),
      clock_(std::move(now)),
      roster_(node, options),
      peers_(std::move(node), options, roster_),
      link_(std::move(peers)),
      alarm_([this] { return tick(); }) {}

presence_service::~presence_service() {
  stop();
}

void presence_service::start(announcer& to) {
  to_ = &to;
  if (link_) {
    link_->listen([this](std::string_view message) {
      {
        const std::lock_guard lock(mutex_);
        peers_.on_message(message, steady_clock::now());
      }
      alarm_.wake();
    });
    {
      const std::lock_guard lock(mutex_);
      peers_.start(steady_clock::now());
    }
    alarm_.wake();
  }
}

void presence_service::stop() {
  alarm_.stop();
  if (const std::unique_ptr<stores::peer_link> link = std::move(link_)) {
    std::vector<std::string> last_words;
    {
      const std::lock_guard lock(mutex_);
      peers_.stop();
      last_words = peers_.take_outgoing();
    }
    for (const std::string& each : last_words) {
      link->tell(each);
    }
  }
}

std::optional<error> presence_service::refuse(call& request, const caller& who) const {
  if (who.who) {
    if (auto refused = authorize(request, name(), *who.who)) {
      return refused;
    }
  }
  if (is_read(request.what)) {
    return std::nullopt;
  }
  if (request.what == method::update || who.session == 0) {
    return error{errc::method_not_allowed,
                 who.session == 0
                     ? "Presence belongs to a connection: join over a socket, with create"
                     : "Presence is not replaced: create joins, patch changes, remove leaves",
                 {},
                 {}};
  }
  if (request.what != method::create && !request.id) {
    return method_not_multi(request.what);
  }
  return std::nullopt;
}

void presence_service::handle(call request, const caller& who, answered done) {
  if (auto refused = refuse(request, who)) {
    done(*std::move(refused));
    return;
  }
  const method what = request.what;
  result<std::string> made = [&] {
    switch (what) {
      case method::find:
        return find(request.query);
      case method::get:
        return get(request);
      case method::create:
        return join(request, who);
      case method::patch:
        return change(request, who);
      default:
        return leave(request, who.session);
    }
  }();
  if (!made) {
    done(std::move(made).error());
    return;
  }
  if (!is_read(what)) {
    alarm_.wake();
  }
  done(answer{*std::move(made)});
}

result<std::string> presence_service::find(const records::query& query) const {
  std::vector<records::record> found;
  {
    const std::lock_guard lock(mutex_);
    for (const std::string& key : roster_.keys()) {
      records::record candidate = record_of(key, roster_.state_of(key));
      if (query.matches(candidate)) {
        found.push_back(std::move(candidate));
      }
    }
  }
  query.sort(found);
  stores::page out;
  out.total = found.size();
  out.limit = std::min(query.limit.value_or(options().paginate_default), options().paginate_max);
  out.skip = query.skip;
  const auto from = static_cast<std::size_t>(
      std::min<std::uint64_t>(static_cast<std::uint64_t>(query.skip), found.size()));
  const std::size_t count = std::min(static_cast<std::size_t>(out.limit), found.size() - from);
  for (std::size_t i = from; i < from + count; ++i) {
    out.records.push_back(query.select(std::move(found[i]), options().definition.id_field));
  }
  return to_json(out);
}

result<std::string> presence_service::get(const call& request) const {
  if (!request.id) {
    return error{errc::bad_request, "id for 'get' can not be undefined", {}, {}};
  }
  const std::string& key = request.id->text();
  std::string state;
  {
    const std::lock_guard lock(mutex_);
    state = roster_.state_of(key);
  }
  records::record found = record_of(key, std::move(state));
  if (!request.query.matches(found)) {
    return error{errc::not_found, "No record found for id '" + key + "'", {}, {}};
  }
  return request.query.select(std::move(found), options().definition.id_field).json;
}

std::optional<error> presence_service::too_many(session_number session,
                                                const std::string& key) const {
  if (roster_.find(session, key) != nullptr) {
    return std::nullopt;
  }
  if (roster_.joins_of(session) >= limits_.most_of_session) {
    return error{errc::too_many_requests,
                 "This connection is present on " + std::to_string(limits_.most_of_session) +
                     " keys: leave some",
                 {},
                 std::chrono::seconds(1),
                 records::error_cause::presence_limit};
  }
  if (roster_.joins() >= limits_.most) {
    return error{errc::too_many_requests,
                 "There are " + std::to_string(limits_.most) + " present on this server",
                 {},
                 std::chrono::seconds(1),
                 records::error_cause::presence_limit};
  }
  return std::nullopt;
}

result<std::string> presence_service::join(const call& request, const caller& who) {
  if (is_array(request.document)) {
    return method_not_multi(request.what);
  }
  auto asked = read_presence_request(request.document, true, who.who.get());
  if (!asked) {
    return asked.error();
  }
  if (who.who && !who.who->may.publish(name())->matches(asked->key)) {
    return may_not(*who.who, "publish this key to", name());
  }
  const auto wall = std::chrono::duration_cast<milliseconds>(clock_().time_since_epoch());
  const std::lock_guard lock(mutex_);
  if (auto refused = too_many(who.session, asked->key)) {
    return *std::move(refused);
  }
  std::string shown = asked->name.value_or(asked->user);
  roster_.set(who.session, asked->key,
              {std::move(asked->user), std::move(shown), asked->editing.value_or(false)},
              wall.count(), steady_clock::now());
  return roster_.state_of(asked->key);
}

result<std::string> presence_service::change(const call& request, const caller& who) {
  auto asked = read_presence_request(request.document, false, who.who.get());
  if (!asked) {
    return asked.error();
  }
  const std::string& key = request.id->text();
  const auto wall = std::chrono::duration_cast<milliseconds>(clock_().time_since_epoch());
  const std::lock_guard lock(mutex_);
  const presence_roster::join* const joined = roster_.find(who.session, key);
  if (joined == nullptr) {
    return error{errc::not_found, "You are not present on '" + key + "': create joins", {}, {}};
  }
  presence_roster::join next = *joined;
  next.name = asked->name.value_or(next.name);
  next.editing = asked->editing.value_or(next.editing);
  roster_.set(who.session, key, std::move(next), wall.count(), steady_clock::now());
  return roster_.state_of(key);
}

result<std::string> presence_service::leave(const call& request, session_number session) {
  const std::string& key = request.id->text();
  const std::lock_guard lock(mutex_);
  if (!roster_.leave(session, key, steady_clock::now())) {
    return error{errc::not_found, "You are not present on '" + key + "'", {}, {}};
  }
  return roster_.state_of(key);
}

void presence_service::left(session_number session) {
  {
    const std::lock_guard lock(mutex_);
    if (roster_.joins_of(session) == 0) {
      return;
    }
    roster_.end(session, steady_clock::now());
  }
  alarm_.wake();
}

std::optional<std::string> presence_service::state_of(const std::vector<std::string>& keys) const {
  std::string json = "[";
  const std::lock_guard lock(mutex_);
  for (const std::string& key : keys) {
    json.append(json.size() > 1 ? "," : "").append(roster_.state_of(key));
  }
  return json += ']';
}

std::optional<milliseconds> presence_service::tick() {
  std::vector<std::pair<std::string, std::string>> told;
  std::vector<std::string> outgoing;
  std::optional<steady_clock::time_point> next;
  {
    const std::lock_guard lock(mutex_);
    const auto now = steady_clock::now();
    const auto announce = [&told](const std::string& key, std::string state) {
      told.emplace_back(key, std::move(state));
    };
    roster_.advance(now, announce);
    if (link_) {
      peers_.advance(now);
      outgoing = peers_.take_outgoing();
      next = peers_.next_due();
    } else {
      static_cast<void>(roster_.take_changes());
    }
    if (const auto due = roster_.next_due(); due && (!next || *due < *next)) {
      next = due;
    }
  }
  for (auto& [key, state] : told) {
    to_->announce(index(), key, std::move(state));
  }
  for (const std::string& each : outgoing) {
    link_->tell(each);
  }
  if (!next) {
    return std::nullopt;
  }
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(*next - steady_clock::now()));
}

}  // namespace flowcast::services
