#include "stores/memory_records.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace flowcast::stores {

namespace {

using records::event;
using records::event_type;
using records::record;
using records::record_id;

}  // namespace

memory_records::memory_records(const std::vector<service_definition>& services, std::uint64_t epoch)
    : services_(services.size()), head_{epoch, 0} {
  for (std::size_t i = 0; i < services.size(); ++i) {
    services_[i].next_id = services[i].start_id;
    services_[i].position_field = services[i].position_field;
  }
}

bool memory_records::taken(service_index service, const record_id& id) {
  const service_state& state = services_[service];
  return place_of(state, id) || (!state.reserved.empty() && state.reserved.contains(id));
}

std::optional<record> memory_records::current(service_index service, const record_id& id) {
  const service_state& state = services_[service];
  const std::optional<record_place> at = place_of(state, id);
  return at ? std::optional(event_at(state.positions.at(*at))->record) : std::nullopt;
}

std::vector<record> memory_records::matching(service_index service, const records::query& where,
                                             std::size_t most) {
  std::vector<record> found;
  std::ignore =
      scan(service, 0, std::numeric_limits<std::size_t>::max(), [&](const record& candidate) {
        if (where.matches(candidate)) {
          found.push_back(candidate);
        }
        return found.size() <= most;
      });
  return found;
}

written memory_records::apply(service_index service, write_plan plan, std::int64_t now_seconds) {
  service_state& state = services_[service];
  if (dates_.empty() || dates_.back().seconds < now_seconds) {
    dates_.push_back({head_.position + 1, now_seconds});
  }
  written out;
  out.records = std::move(plan.unchanged);
  out.records.reserve(out.records.size() + plan.changes.size());
  for (planned_change& change : plan.changes) {
    const std::uint64_t position = ++head_.position;
    if (!state.position_field.empty()) {
      give_position(change.record, state.position_field, position);
    }
    const record& changed = change.record;
    const std::optional<record_place> number = numbered_place(changed.id);
    std::optional<record_place> at = place_of(state, changed.id, number);
    if (change.type == event_type::removed) {
      state.positions.erase(*at);
      state.named.erase(changed.id);
    } else if (at) {
      state.positions[*at] = position;
    } else {
      at = number;
      if (!at) {
        at = named_place(position);
        state.named.emplace(changed.id, *at);
      }
      state.positions.emplace_hint(state.positions.end(), *at, position);
    }
    ++state.events;
    state.bytes += changed.json.size();
    // The copy takes no more than it needs, so that is what is kept.
    event& added = pending_.emplace_back();
    added.service = service;
    added.type = change.type;
    added.record = record(changed);
    added.offset = head_;
    added.received = plan.received;
    out.records.push_back(std::move(change.record));
  }
  state.next_id = plan.next_id.value_or(state.next_id);
  out.last = head_;
  return out;
}

std::shared_ptr<const std::vector<event>> memory_records::publish() {
  if (pending_.empty()) {
    return nullptr;
  }
  auto events = std::make_shared<const std::vector<event>>(std::exchange(pending_, {}));
  for (const event& each : *events) {
    log_.append({events, &each});
  }
  return events;
}

void memory_records::reserve(service_index service, const record_id& id, std::int64_t next_id) {
  services_[service].reserved.insert(id);
  services_[service].next_id = next_id;
}

void memory_records::unreserve(service_index service, const record_id& id) {
  services_[service].reserved.erase(id);
}

void memory_records::trim(const std::vector<service_definition>& services,
                          std::int64_t now_seconds) {
  for (std::size_t i = 0; i < services.size(); ++i) {
    const retention& keep = services[i].keep;
    const bool ages = keep.max_age.count() > 0 && services_[i].events > 0;
    if (ages || has_too_much(services_[i], keep)) {
      trim(static_cast<service_index>(i), keep, now_seconds);
    }
  }
  while (dates_.size() > 1 && dates_[1].position <= log_.before()) {
    dates_.pop_front();
  }
}

void memory_records::trim(service_index index, const retention& keep, std::int64_t now_seconds) {
  service_state& state = services_[index];
  // Events before this position are too old.
  std::uint64_t old_before = 0;
  if (keep.max_age.count() > 0) {
    const auto young = std::upper_bound(
        dates_.begin(), dates_.end(), now_seconds - keep.max_age.count(),
        [](std::int64_t seconds, const dated& run) { return seconds < run.seconds; });
    old_before = young == dates_.end() ? head_.position + 1 : young->position;
  }
  while (state.events > 0 && (has_too_much(state, keep) || old_before > state.trimmed + 1)) {
    const std::shared_ptr<const event> oldest = log_.next_of(index, state.trimmed);
    if (!oldest || !(has_too_much(state, keep) || oldest->offset.position < old_before)) {
      return;
    }
    const std::uint64_t position = oldest->offset.position;
    const std::optional<record_place> at = place_of(state, oldest->record.id);
    if (at && state.positions.at(*at) == position) {
      state.positions.erase(*at);
      state.named.erase(oldest->record.id);
    }
    --state.events;
    state.bytes -= oldest->record.json.size();
    state.trimmed = position;
    log_.erase(position);
  }
}

std::optional<record_place> memory_records::place_of(const service_state& service,
                                                     const record_id& id,
                                                     const std::optional<record_place>& numbered) {
  if (numbered) {
    // A record that is made has the highest number, as a rule.
    const bool is_new = service.positions.empty() || service.positions.rbegin()->first < *numbered;
    return !is_new && service.positions.contains(*numbered) ? numbered : std::nullopt;
  }
  const auto named = service.named.find(id);
  return named == service.named.end() ? std::nullopt : std::optional(named->second);
}

const event* memory_records::event_at(std::uint64_t position) const {
  const std::uint64_t published = head_.position - pending_.size();
  if (position > published) {
    return &pending_[position - published - 1];
  }
  // The log keeps the last event of every record, and is not trimmed meanwhile.
  return log_.find(position).get();
}

}  // namespace flowcast::stores
