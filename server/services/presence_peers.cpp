#include "services/presence_peers.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "protocol/json_scanner.hpp"
#include "protocol/json_writer.hpp"
#include "services/json_fields.hpp"

namespace flowcast::services {

using protocol::json_value;

namespace {

constexpr int beats_in_timeout = 3;
constexpr std::size_t most_in_message = 200;  // changes, of at most 1.1 KB each
constexpr std::chrono::milliseconds patience_with_answer{1000};

void append(std::string& out, const presence_roster::change& one) {
  out += '[';
  protocol::append_json_string(out, one.key);
  out += ',';
  protocol::append_json_string(out, one.user);
  if (one.now) {
    out += ",[";
    protocol::append_json_string(out, one.now->name);
    out.append(",").append(std::to_string(one.now->since));
    out.append(one.now->editing ? ",true]" : ",false]");
  }
  out += ']';
}

template <class At>
std::string list_of(At from, At to) {
  std::string json = "[";
  for (; from != to; ++from) {
    if (json.size() > 1) {
      json += ',';
    }
    append(json, *from);
  }
  return json += ']';
}

// Without those that are none.
std::vector<presence_roster::change> read_changes(json_value list) {
  std::vector<presence_roster::change> read;
  for (const json_value& each : list.elements()) {
    presence_roster::change one{text_in(each.element(0)), text_in(each.element(1)), {}};
    if (const json_value now = each.element(2)) {
      one.now =
          attendee{text_in(now.element(0)), number_in<std::int64_t>(now.element(1)).value_or(0),
                   now.element(2).is_true()};
    }
    if (!one.key.empty() && !one.user.empty()) {
      read.push_back(std::move(one));
    }
  }
  return read;
}

}  // namespace

presence_peers::presence_peers(std::string node, const presence_options& options,
                               presence_roster& roster)
    : node_(std::move(node)), options_(options), roster_(roster) {}

std::string presence_peers::begin() const {
  return R"({"node":")" + node_ + R"(","n":)" + std::to_string(number_);
}

void presence_peers::start(time now) {
  beat_at_ = now;
  outgoing_.push_back(R"({"node":")" + node_ + R"(","ask":"*"})");
}

void presence_peers::stop() {
  outgoing_.push_back(R"({"node":")" + node_ + R"(","bye":true})");
}

void presence_peers::on_message(std::string_view json, time now) {
  const protocol::json_scan scan = protocol::scan_json(json);
  const std::string node = text_in(scan.value.member("node"));
  if (!scan || node.empty() || node == node_) {
    return;
  }
  if (const json_value asked = scan.value.member("ask")) {
    const std::string whom = text_in(asked);
    whole_wanted_ = whole_wanted_ || whom == "*" || whom == node_;
    return;
  }
  if (scan.value.member("bye").is_true()) {
    if (const auto known = peers_.find(node); known != peers_.end()) {
      known->second.heard_at = now - options_.timeout + options_.grace;
    }
    return;
  }
  const auto number = number_in<std::uint64_t>(scan.value.member("n"));
  if (!number) {
    return;
  }
  peer& from = peers_[node];
  from.heard_at = now;
  if (scan.value.member("whole")) {
    on_whole(node, from, scan.value, now);
  } else if (const json_value changes = scan.value.member("changes")) {
    if (*number == from.number + 1) {
      from.number = *number;
      for (const change& each : read_changes(changes)) {
        roster_.set_remote(node, each, now);
      }
    } else if (*number > from.number) {
      ask(node, from, now);
    }
  } else if (*number != from.number) {
    ask(node, from, now);
  }
}

void presence_peers::on_whole(const std::string& node, peer& from, json_value message, time now) {
  const auto part = number_in<std::uint64_t>(message.member("part")).value_or(0);
  const auto parts = number_in<std::uint64_t>(message.member("of")).value_or(0);
  if (part == 1) {
    from.whole.clear();
    from.parts = 0;
  }
  if (part != from.parts + 1) {
    from.parts = parts + 1;  // one was lost: the rest is of no use
    return;
  }
  from.parts = part;
  std::vector<change> read = read_changes(message.member("whole"));
  from.whole.insert(from.whole.end(), std::make_move_iterator(read.begin()),
                    std::make_move_iterator(read.end()));
  if (part != parts) {
    return;
  }
  roster_.drop_remote(node, now);
  for (const change& each : std::exchange(from.whole, {})) {
    roster_.set_remote(node, each, now);
  }
  from.number = *number_in<std::uint64_t>(message.member("n"));
  from.asked = false;
}

void presence_peers::ask(const std::string& node, peer& of, time now) {
  if (of.asked && now - of.asked_at < patience_with_answer) {
    return;
  }
  of.asked = true;
  of.asked_at = now;
  std::string json = R"({"node":")" + node_ + R"(","ask":)";
  protocol::append_json_string(json, node);
  outgoing_.push_back(json + "}");
}

void presence_peers::tell_changes() {
  const std::vector<change> changes = roster_.take_changes();
  for (std::size_t at = 0; at < changes.size(); at += most_in_message) {
    const auto from = changes.begin() + static_cast<std::ptrdiff_t>(at);
    const auto to =
        from + static_cast<std::ptrdiff_t>(std::min(most_in_message, changes.size() - at));
    ++number_;
    outgoing_.push_back(begin() + R"(,"changes":)" + list_of(from, to) + "}");
  }
}

void presence_peers::tell_whole() {
  const std::vector<change> all = roster_.everybody_here();
  const std::size_t parts =
      std::max<std::size_t>(1, (all.size() + most_in_message - 1) / most_in_message);
  for (std::size_t part = 0; part < parts; ++part) {
    const std::size_t at = part * most_in_message;
    const auto from = all.begin() + static_cast<std::ptrdiff_t>(at);
    const auto to = from + static_cast<std::ptrdiff_t>(std::min(most_in_message, all.size() - at));
    outgoing_.push_back(begin() + R"(,"whole":)" + list_of(from, to) + R"(,"part":)" +
                        std::to_string(part + 1) + R"(,"of":)" + std::to_string(parts) + "}");
  }
}

void presence_peers::advance(time now) {
  tell_changes();
  if (std::exchange(whole_wanted_, false)) {
    tell_whole();
  }
  if (now >= beat_at_) {
    beat_at_ = now + options_.timeout / beats_in_timeout;
    if (roster_.joins() > 0) {
      outgoing_.push_back(begin() + "}");
    }
  }
  for (auto at = peers_.begin(); at != peers_.end();) {
    if (now - at->second.heard_at >= options_.timeout) {
      roster_.drop_remote(at->first, now);
      at = peers_.erase(at);
    } else {
      ++at;
    }
  }
}

std::optional<presence_peers::time> presence_peers::next_due() const {
  std::optional<time> next;
  if (roster_.joins() > 0) {
    next = beat_at_;
  }
  for (const auto& [node, each] : peers_) {
    const time gone = each.heard_at + options_.timeout;
    next = next ? std::min(*next, gone) : gone;
  }
  return next;
}

}  // namespace flowcast::services
