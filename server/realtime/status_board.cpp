#include "realtime/status_board.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "protocol/json_writer.hpp"
#include "protocol/utf8.hpp"

namespace flowcast::realtime {

using namespace std::chrono_literals;

namespace {

constexpr auto told_every = 1s;
constexpr std::uint64_t lists_every = 2;  // looks: who is connected, and which keys are watched
constexpr std::size_t most_publishes = 100;
constexpr std::size_t longest_text = 200;

std::int64_t milliseconds_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

// A member of an object; `,` before it unless it is the first.
void begin_member(std::string& out, std::string_view name) {
  if (out.back() != '{')
    out += ',';
  out.append("\"").append(name).append("\":");
}

void append_text(std::string& out, std::string_view name, std::string_view text) {
  begin_member(out, name);
  protocol::append_json_string(out, protocol::utf8_beginning(text, longest_text));
}

void append_number(std::string& out, std::string_view name, std::uint64_t value) {
  begin_member(out, name);
  out += std::to_string(value);
}

void append_flag(std::string& out, std::string_view name, bool value) {
  begin_member(out, name);
  out += value ? "true" : "false";
}

void begin_element(std::string& out) {
  if (out.back() != '[')
    out += ',';
}

}  // namespace

// A look at all shards that is under way.
struct status_board::round {
  std::size_t left = 0;
  bool with_lists = false;
  std::vector<watched_key> keys;
  std::vector<client_status> clients;

  void add(shard_report& from) {
    for (watched_key& each : from.keys) {
      const auto known = std::find_if(keys.begin(), keys.end(), [&](const watched_key& one) {
        return one.service == each.service && one.text == each.text;
      });
      if (known != keys.end()) {
        known->watchers += each.watchers;
      } else {
        keys.push_back(std::move(each));
      }
    }
    std::move(from.clients.begin(), from.clients.end(), std::back_inserter(clients));
  }

  void choose() {
    std::sort(keys.begin(), keys.end(), [](const watched_key& a, const watched_key& b) {
      return a.watchers != b.watchers ? a.watchers > b.watchers : a.text < b.text;
    });
    keys.resize(std::min(keys.size(), most_keys_shown));
    std::sort(clients.begin(), clients.end(), [](const client_status& a, const client_status& b) {
      return a.connected_at > b.connected_at;
    });
    clients.resize(std::min(clients.size(), most_clients_shown));
  }
};

status_board::status_board(std::vector<client_context*> places)
    : places_(std::move(places)), timer_(home().context()) {
  for (client_context* const each : places_)
    feeds_.push_back(std::make_unique<shard_feed>(*each));
}

status_board::~status_board() = default;

void status_board::attach(hub::shard& shard, std::weak_ptr<status_reader> reader) {
  home().post([this, seat = seat{&shard, std::move(reader)}]() mutable {
    seats_.push_back(std::move(seat));
    readers_.set(seats_.size());
    all_anew_ = true;
    if (seats_.size() == 1) {
      begin();
    }
  });
}

void status_board::begin() {
  publishes_.clear();
  not_shown_ = 0;
  looks_ = 0;
  for (const auto& each : feeds_)
    each->shard().post([feed = each.get()] { feed->watch(); });
  look();
}

void status_board::end() {
  for (const auto& each : feeds_)
    each->shard().post([feed = each.get()] { feed->stop(); });
}

void status_board::wait() {
  timer_.expires_after(told_every);
  timer_.async_wait([this](const boost::system::error_code& stopped) {
    if (!stopped)
      look();
  });
}

void status_board::look() {
  std::erase_if(seats_, [](const seat& each) { return each.reader.expired(); });
  readers_.set(seats_.size());
  if (seats_.empty()) {
    end();
    return;
  }
  auto now = std::make_shared<round>();
  now->left = places_.size();
  now->with_lists = looks_++ % lists_every == 0 || all_anew_;
  for (const auto& each : feeds_) {
    each->shard().post([this, feed = each.get(), now, with_lists = now->with_lists] {
      home().post([this, now, report = feed->report(with_lists)]() mutable {
        take(report);
        now->add(report);
        if (--now->left == 0)
          tell(*now);
      });
    });
  }
}

void status_board::take(const shard_report& from) {
  not_shown_ += from.not_noted;
  const auto find = [&](std::uint64_t position) {
    // The latest are looked for most.
    const auto found =
        std::find_if(publishes_.rbegin(), publishes_.rend(),
                     [&](const publish& one) { return one.event.position == position; });
    return found == publishes_.rend() ? nullptr : &*found;
  };
  for (const noted_event& each : from.events) {
    publish* known = find(each.position);
    if (known == nullptr) {
      if (publishes_.size() == most_publishes)
        publishes_.pop_front();
      publishes_.push_back({each, 0, 0, {}, milliseconds_now(), false});
      known = &publishes_.back();
    } else {
      known->event.watched_by.insert(known->event.watched_by.end(), each.watched_by.begin(),
                                     each.watched_by.end());
    }
    ++known->reports;
    known->listeners += each.listeners;
    known->told = false;
  }
  for (const shard_report::delivery& each : from.deliveries) {
    if (publish* const known = find(each.position)) {
      known->took = std::max(known->took, each.took);
      known->told = false;
    }
  }
}

void status_board::tell(const round& done) {
  const auto text = std::make_shared<const std::string>(json(done));
  for (const seat& each : seats_) {
    each.shard->post([text, reader = each.reader] {
      if (const auto here = reader.lock())
        here->read_status(*text);
    });
  }
  wait();
}

std::string status_board::json(const round& from) {
  round lists = from;
  lists.choose();
  std::string out = "{";
  append_number(out, "now", static_cast<std::uint64_t>(milliseconds_now()));
  append_flag(out, "anew", all_anew_);
  const stores::store_condition store = places_.front()->store.condition();
  append_flag(out, "storeReady", store.ready);
  append_text(out, "storeReason", store.reason);
  std::uint64_t websockets = 0;
  std::uint64_t polling = 0;
  std::uint64_t waiting = 0;
  for (client_context* const each : places_) {
    const engine_counters& counters = each->engine.counters();
    websockets += counters.by_websocket.value();
    polling += counters.by_polling.value();
    waiting += counters.queued_bytes.value() + each->fans.counters().waiting_bytes.value();
  }
  append_number(out, "websockets", websockets);
  append_number(out, "polling", polling);
  append_number(out, "waitingBytes", waiting);
  append_number(out, "notShown", not_shown_);
  append_services(out);
  append_publishes(out);
  append_rejections(out);
  if (lists.with_lists) {
    begin_member(out, "keys");
    out += '[';
    for (const watched_key& each : lists.keys) {
      begin_element(out);
      out += '{';
      append_text(out, "service", places_.front()->services.at(each.service).name());
      append_text(out, "key", each.text);
      append_number(out, "watchers", each.watchers);
      out += '}';
    }
    out += ']';
    begin_member(out, "clients");
    out += '[';
    for (const client_status& each : lists.clients) {
      begin_element(out);
      out += '{';
      append_text(out, "session", each.session);
      append_text(out, "address", each.address);
      append_text(out, "subject", each.subject);
      append_text(out, "transport", each.transport);
      append_number(out, "at", static_cast<std::uint64_t>(each.connected_at));
      append_flag(out, "chose", each.chose);
      append_flag(out, "mayHear", each.may_hear);
      append_number(out, "subscriptions", each.subscriptions);
      begin_member(out, "keys");
      out += '[';
      for (const client_status::key& key : each.keys) {
        begin_element(out);
        out += '{';
        append_text(out, "service", places_.front()->services.at(key.service).name());
        append_text(out, "key", key.text);
        out += '}';
      }
      out += "]}";
    }
    out += ']';
  }
  all_anew_ = false;
  return out + "}";
}

void status_board::append_services(std::string& out) const {
  begin_member(out, "services");
  out += '[';
  for (const auto& service : places_.front()->services.all()) {
    const std::size_t i = service->index();
    std::uint64_t deliveries = 0;
    std::uint64_t subscriptions = 0;
    for (client_context* const each : places_) {
      deliveries += each->fans.counters().channels[i].deliveries.value();
      subscriptions += each->fans.interests_here().counts()[i].subscriptions.value();
    }
    begin_element(out);
    out += '{';
    append_text(out, "name", service->name());
    append_text(out, "keyField", service->options().definition.key_field);
    append_flag(out, "broadcast", service->options().deliver == services::delivery::broadcast);
    append_number(out, "events", places_.front()->fans.counters().channels[i].events.value());
    append_number(out, "deliveries", deliveries);
    append_number(out, "subscriptions", subscriptions);
    out += '}';
  }
  out += ']';
}

void status_board::append_publishes(std::string& out) {
  begin_member(out, "publishes");
  out += '[';
  for (publish& each : publishes_) {
    if (each.reports < places_.size() || (each.told && !all_anew_))
      continue;
    each.told = true;
    begin_element(out);
    out += '{';
    append_number(out, "position", each.event.position);
    append_number(out, "at", static_cast<std::uint64_t>(each.at));
    append_text(out, "service", places_.front()->services.at(each.event.service).name());
    append_text(out, "type", records::to_string(each.event.type));
    append_text(out, "key", each.event.key);
    append_text(out, "id", each.event.id);
    append_number(out, "reached", each.listeners);
    append_number(out, "microseconds",
                  static_cast<std::uint64_t>(
                      std::chrono::duration_cast<std::chrono::microseconds>(each.took).count()));
    begin_member(out, "watchedBy");
    out += '[';
    for (const records::service_index other : each.event.watched_by) {
      begin_element(out);
      protocol::append_json_string(out, places_.front()->services.at(other).name());
    }
    out += "]}";
  }
  out += ']';
}

void status_board::append_rejections(std::string& out) {
  begin_member(out, "rejections");
  out += '[';
  for (const auto& each : places_.front()->refused.since(all_anew_ ? 0 : told_rejections_)) {
    told_rejections_ = each.number;
    begin_element(out);
    out += '{';
    append_number(out, "number", each.number);
    const auto at =
        std::chrono::duration_cast<std::chrono::milliseconds>(each.when.time_since_epoch());
    append_number(out, "at", static_cast<std::uint64_t>(at.count()));
    append_text(out, "reason", operations::to_string(each.why));
    append_text(out, "address", each.address);
    append_text(out, "detail", each.detail);
    out += '}';
  }
  out += ']';
}

}  // namespace flowcast::realtime
