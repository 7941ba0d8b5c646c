#include "stores/sqlite_log.hpp"

#include <algorithm>
#include <utility>

#include "stores/sqlite_file.hpp"
#include "stores/stored_time.hpp"

namespace flowcast::stores {

namespace {

using records::event;
using records::event_type;
using records::record;
using records::record_id;

constexpr std::size_t events_trimmed_at_once = 64;

}  // namespace

struct sqlite_log::statements {
  explicit statements(sqlite_database& database)
      : begin(database, "BEGIN IMMEDIATE"),
        commit(database, "COMMIT"),
        add_event(database, "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)"),
        add_record(database, "INSERT INTO records VALUES (?, ?, ?)"),
        move_record(database, "UPDATE records SET position = ? WHERE service = ? AND place = ?"),
        drop_record(database, "DELETE FROM records WHERE service = ? AND place = ?"),
        add_name(database, "INSERT INTO names VALUES (?, ?, ?)"),
        drop_name(database, "DELETE FROM names WHERE service = ? AND id = ?"),
        keep_service(database,
                     "UPDATE services SET next_id = ?, records = ?, events = ?, bytes = ?, trimmed "
                     "= ? WHERE number = ?"),
        oldest(database,
               // Along the log: the sign keeps SQLite from sorting all that an index has of the
               // service.
               "SELECT position, at, id, length(CAST(json AS BLOB)) FROM events WHERE position > ? "
               "AND +service = ? ORDER BY position LIMIT ?"),
        drop_event(database, "DELETE FROM events WHERE position = ?"),
        drop_record_at(database,
                       "DELETE FROM records WHERE service = ? AND place = ? AND position = ?"),
        set_applied(database, "UPDATE view SET applied = ?") {}

  sqlite_statement begin, commit, add_event, add_record, move_record, drop_record, add_name,
      drop_name, keep_service, oldest, drop_event, drop_record_at, set_applied;
};

sqlite_log::sqlite_log(sqlite_database& database, const store_options& options)
    : database_(database), options_(options), services_(options.services.size()) {
  head_.epoch = read_epoch(database);
  register_services();
  lookup_.emplace(database);
  delayed_.emplace(database);
  answers_.emplace(database, options);
  sql_ = std::make_unique<statements>(database);
  load();
}

sqlite_log::~sqlite_log() = default;

void sqlite_log::register_services() {
  for (std::size_t i = 0; i < services_.size(); ++i) {
    const service_definition& definition = options_.services[i];
    sqlite_statement(database_, "INSERT OR IGNORE INTO services (name, next_id) VALUES (?, ?)")
        .run(definition.name, definition.start_id);
    sqlite_statement find(database_, "SELECT number FROM services WHERE name = ?");
    sqlite_rows rows = find.ask(definition.name);
    services_[i].number = rows.next() ? rows.integer(0) : 0;
  }
}

// What is kept in memory of the file.
void sqlite_log::load() {
  sqlite_statement head(database_,
                        "SELECT max(ifnull((SELECT max(position) FROM events), 0), "
                        "ifnull((SELECT max(trimmed) FROM services), 0))");
  {
    sqlite_rows rows = head.ask();
    head_.position = rows.next() ? unsigned_of(rows.integer(0)) : 0;
  }
  sqlite_statement counts(database_,
                          "SELECT next_id, records, events, bytes, trimmed, ifnull((SELECT "
                          "max(place) FROM records WHERE service = number AND place < ?), 0) FROM "
                          "services WHERE number = ?");
  for (service_state& state : services_) {
    sqlite_rows rows = counts.ask(first_named_place, state.number);
    if (rows.next()) {
      state.next_id = rows.integer(0);
      state.records = unsigned_of(rows.integer(1));
      state.events = unsigned_of(rows.integer(2));
      state.bytes = unsigned_of(rows.integer(3));
      state.trimmed = unsigned_of(rows.integer(4));
      state.highest_number = unsigned_of(rows.integer(5));
    }
    state.oldest_at.reset();
    state.changed = false;
    state.delayed.clear();
    delayed_->each_id(state.number, [&state](std::string_view id) { state.delayed.emplace(id); });
  }
  next_delayed_ = delayed_->highest_number() + 1;
  answers_->load();
}

void sqlite_log::begin() {
  sql_->begin.run();
}

result<void> sqlite_log::commit() {
  for (service_state& state : services_) {
    if (std::exchange(state.changed, false)) {
      sql_->keep_service.run(state.next_id, state.records, state.events, state.bytes, state.trimmed,
                             state.number);
    }
  }
  sql_->commit.run();
  if (database_.failed()) {
    records::error failure = database_.error();
    broken_ = broken_ || !(database_.disk_full() || database_.busy());
    roll_back();
    return failure;
  }
  return {};
}

void sqlite_log::roll_back() {
  database_.recover();
  load();
}

bool sqlite_log::taken(service_index service, const record_id& id) {
  const service_state& state = services_[service];
  if (!state.delayed.empty() && state.delayed.contains(id.text())) {
    return true;
  }
  // Numbers are counted up: most are higher than any before.
  const std::optional<record_place> numbered = numbered_place(id);
  if (numbered && *numbered > state.highest_number) {
    return false;
  }
  return lookup_->place_of(state.number, id).has_value();
}

std::optional<record> sqlite_log::current(service_index service, const record_id& id) {
  const std::int64_t number = services_[service].number;
  const std::optional<record_place> place = lookup_->place_of(number, id);
  return place ? lookup_->at(number, *place) : std::nullopt;
}

std::vector<record> sqlite_log::matching(service_index service, const records::query& where,
                                         std::size_t most) {
  return lookup_->matching(services_[service].number, where, options_.services[service].key_field,
                           most);
}

written sqlite_log::apply(service_index service, write_plan plan, time now,
                          std::vector<event>& events) {
  service_state& state = services_[service];
  written out;
  out.records = std::move(plan.unchanged);
  const std::string& position_field = options_.services[service].position_field;
  for (planned_change& change : plan.changes) {
    if (!position_field.empty()) {
      give_position(change.record, position_field, head_.position + 1);
    }
    events.push_back({service,
                      change.type,
                      std::move(change.record),
                      {head_.epoch, head_.position + 1},
                      plan.received});
    append(events.back(), now);
    out.records.push_back(events.back().record);
  }
  state.next_id = plan.next_id.value_or(state.next_id);
  state.changed = true;
  out.last = head_;
  return out;
}

void sqlite_log::append(const event& change, time now) {
  service_state& state = services_[change.service];
  const record& changed = change.record;
  head_.position = change.offset.position;
  sql_->add_event.run(head_.position, state.number, static_cast<int>(change.type),
                      milliseconds_of(now), changed.id.text(), changed.key, changed.json);
  const std::optional<record_place> numbered = numbered_place(changed.id);
  if (change.type == event_type::created) {
    const record_place place = numbered.value_or(named_place(head_.position));
    sql_->add_record.run(state.number, place, head_.position);
    if (numbered) {
      state.highest_number = std::max(state.highest_number, place);
    } else {
      sql_->add_name.run(state.number, changed.id.text(), place);
    }
    ++state.records;
  } else if (const auto place = numbered ? numbered : lookup_->place_of(state.number, changed.id)) {
    if (change.type == event_type::removed) {
      sql_->drop_record.run(state.number, *place);
      if (!numbered) {
        sql_->drop_name.run(state.number, changed.id.text());
      }
      --state.records;
    } else {
      sql_->move_record.run(head_.position, state.number, *place);
    }
  }
  ++state.events;
  state.bytes += changed.json.size();
  state.changed = true;
}

written sqlite_log::delay(service_index service, write_plan plan, time due) {
  service_state& state = services_[service];
  written out;
  for (planned_change& change : plan.changes) {
    delay(service, change.record, next_delayed_++, due);
    out.records.push_back(std::move(change.record));
  }
  state.next_id = plan.next_id.value_or(state.next_id);
  state.changed = true;
  out.last = head_;
  return out;
}

void sqlite_log::deliver(time now, std::size_t most, std::vector<event>& events) {
  for (const delayed_record& each : delayed_->due(now, most)) {
    deliver(each, head_.position + 1, now, events);
  }
}

void sqlite_log::deliver(const delayed_record& ready, std::uint64_t position, time now,
                         std::vector<event>& events) {
  delayed_->drop(ready);
  const auto service =
      std::find_if(services_.begin(), services_.end(),
                   [&ready](const service_state& state) { return state.number == ready.service; });
  if (service == services_.end()) {
    return;  // of a service that this server was not told of any more
  }
  service->delayed.erase(ready.record.id.text());
  events.push_back({static_cast<service_index>(service - services_.begin()),
                    event_type::created,
                    ready.record,
                    {head_.epoch, position}});
  append(events.back(), now);
}

std::optional<sqlite_log::time> sqlite_log::next_due() {
  return delayed_->next_due();
}

std::optional<kept_answer> sqlite_log::find_answer(service_index service, const std::string& key,
                                                   time now) {
  return answers_->find(services_[service].number, options_.services[service], head_.epoch, key,
                        now);
}

void sqlite_log::remember(service_index service, const idempotency& once, const written& result,
                          time now) {
  answers_->remember(services_[service].number, once, result, now);
}

void sqlite_log::forget_answers(time now) {
  answers_->forget(now);
}

bool sqlite_log::trim(time now, std::size_t most) {
  bool more = false;
  for (std::size_t i = 0; i < services_.size(); ++i) {
    const auto index = static_cast<service_index>(i);
    const std::uint64_t before = services_[i].events;
    if (const std::uint64_t through = surplus(index, now, most); through != 0) {
      trim_through(index, through);
    }
    more = more || before - services_[i].events == most;
  }
  forget_answers(now);
  return more;
}

std::vector<sqlite_log::old_event> sqlite_log::oldest(service_index index, std::uint64_t after,
                                                      std::size_t most) {
  std::vector<old_event> found;
  sqlite_rows rows = sql_->oldest.ask(after, services_[index].number, most);
  while (rows.next()) {
    found.push_back({unsigned_of(rows.integer(0)), time_of(rows.integer(1)),
                     record_id::from_text(rows.text(2)), unsigned_of(rows.integer(3))});
  }
  return found;
}

std::uint64_t sqlite_log::surplus(service_index index, time now, std::size_t most) {
  service_state& state = services_[index];
  const retention& keep = options_.services[index].keep;
  std::uint64_t events = state.events;
  std::uint64_t bytes = state.bytes;
  std::uint64_t through = 0;
  const auto keeps = [&](time at) {
    return (keep.max_events == 0 || events <= keep.max_events) &&
           (keep.max_bytes == 0 || bytes <= keep.max_bytes) &&
           (keep.max_age.count() == 0 || at + keep.max_age > now);
  };
  // Where it is not known how old the oldest is, there is to be a look.
  if (keeps(state.oldest_at.value_or(time()))) {
    return 0;
  }
  while (most > 0 && events > 0) {
    const std::size_t chunk = std::min(most, events_trimmed_at_once);
    const std::vector<old_event> old = oldest(index, std::max(through, state.trimmed), chunk);
    for (const old_event& each : old) {
      if (through == 0) {
        state.oldest_at = each.at;
      }
      if (keeps(each.at)) {
        return through;
      }
      through = each.position;
      --events;
      bytes -= std::min(bytes, each.bytes);
      --most;
    }
    if (old.size() < chunk) {
      break;
    }
  }
  return through;
}

void sqlite_log::trim_through(service_index index, std::uint64_t position) {
  service_state& state = services_[index];
  while (state.trimmed < position && state.events > 0) {
    const std::vector<old_event> old = oldest(index, state.trimmed, events_trimmed_at_once);
    for (const old_event& each : old) {
      if (each.position > position) {
        break;
      }
      drop(index, each);
    }
    if (old.empty() || old.back().position > position) {
      break;
    }
  }
  state.oldest_at.reset();
  state.trimmed = std::max(state.trimmed, position);
  state.changed = true;
}

void sqlite_log::drop(service_index index, const old_event& event) {
  service_state& state = services_[index];
  sql_->drop_event.run(event.position);
  const std::optional<record_place> numbered = numbered_place(event.id);
  const std::optional<record_place> place =
      numbered ? numbered : lookup_->place_of(state.number, event.id);
  if (place) {
    sql_->drop_record_at.run(state.number, *place, event.position);
    if (database_.changes() == 1) {
      --state.records;
      if (!numbered) {
        sql_->drop_name.run(state.number, event.id.text());
      }
    }
  }
  --state.events;
  state.bytes -= std::min(state.bytes, event.bytes);
  state.trimmed = event.position;
  state.changed = true;
}

std::uint64_t sqlite_log::bytes() const {
  std::uint64_t sum = 0;
  for (const service_state& state : services_) {
    sum += state.bytes;
  }
  return sum;
}

std::vector<std::uint64_t> sqlite_log::trimmed() const {
  std::vector<std::uint64_t> all;
  for (const service_state& state : services_) {
    all.push_back(state.trimmed);
  }
  return all;
}

std::vector<std::int64_t> sqlite_log::numbers() const {
  std::vector<std::int64_t> all;
  for (const service_state& state : services_) {
    all.push_back(state.number);
  }
  return all;
}

std::uint64_t sqlite_log::position_of(service_index service, const record_id& id) {
  const std::int64_t number = services_[service].number;
  const std::optional<record_place> place = lookup_->place_of(number, id);
  return place ? lookup_->position_at(number, *place) : 0;
}

bool sqlite_log::is_delayed(service_index service, const record_id& id) const {
  return services_[service].delayed.contains(id.text());
}

void sqlite_log::delay(service_index service, const record& later, std::uint64_t number, time due) {
  service_state& state = services_[service];
  delayed_->add(state.number, later, number, due);
  state.delayed.insert(later.id.text());
}

std::vector<std::uint64_t> sqlite_log::due_numbers(time now, std::size_t most) {
  std::vector<std::uint64_t> numbers;
  for (const delayed_record& each : delayed_->due(now, most)) {
    numbers.push_back(unsigned_of(each.number));
  }
  return numbers;
}

void sqlite_log::deliver(std::uint64_t number, std::uint64_t position, time now,
                         std::vector<event>& events) {
  if (const std::optional<delayed_record> ready = delayed_->at(number)) {
    deliver(*ready, position, now, events);
  }
}

std::uint64_t sqlite_log::oldest_needed() {
  std::uint64_t oldest = head_.position;
  for (const service_state& state : services_) {
    oldest = std::min(oldest, state.events == 0 ? head_.position : state.trimmed);
  }
  const std::uint64_t waiting = delayed_->lowest_number();
  return waiting == 0 ? oldest : std::min(oldest, waiting);
}

std::uint64_t sqlite_log::applied() {
  sqlite_statement read(database_, "SELECT applied FROM view");
  sqlite_rows rows = read.ask();
  return rows.next() ? unsigned_of(rows.integer(0)) : 0;
}

void sqlite_log::set_applied(std::uint64_t position) {
  sql_->set_applied.run(position);
}

}  // namespace flowcast::stores
