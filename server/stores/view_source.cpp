#include "stores/view_source.hpp"

#include <unordered_set>
#include <utility>

#include "stores/idempotency_window.hpp"
#include "stores/sqlite_log.hpp"

namespace flowcast::stores {

using records::event_type;
using records::record;
using records::record_id;

// One moment of the view.
class view_source::snapshot {
 public:
  explicit snapshot(sqlite_database& database) : database_(database) { database_.execute("BEGIN"); }
  snapshot(const snapshot&) = delete;
  snapshot& operator=(const snapshot&) = delete;
  ~snapshot() { database_.recover(); }

 private:
  sqlite_database& database_;
};

view_source::view_source(const std::filesystem::path& path, std::vector<std::int64_t> numbers,
                         const store_options& options)
    : options_(options),
      fields_(fields_of(options.services)),
      numbers_(std::move(numbers)),
      database_(path, sqlite_database::access::read),
      lookup_(database_),
      is_delayed_(database_, "SELECT 1 FROM delayed WHERE service = ? AND id = ?"),
      find_answer_(database_,
                   "SELECT digest, at, last, records FROM answers WHERE service = ? AND key = ?") {}

result<std::vector<message_change>> view_source::plan(prepared_write& from,
                                                      std::vector<record>& unchanged) {
  const snapshot now(database_);
  const write& request = from.request;
  if (request.kind == event_type::created && !request.decide) {
    auto changes = create(from);
    return database_.failed() ? database_.error() : std::move(changes);
  }
  const std::vector<records::document> kept = from.documents;
  auto plan = plan_write(from, fields_[request.service], options_.most_changes, *this);
  from.documents = kept;
  if (database_.failed()) {
    return database_.error();
  }
  if (!plan) {
    return plan.error();
  }
  unchanged = std::move(plan->unchanged);
  std::vector<message_change> changes;
  for (planned_change& change : plan->changes) {
    // Each on what the log says now: also of several changes of one record.
    const bool as_it_was = change.type == event_type::removed && !request.decide;
    changes.push_back({change.type, change.record.id.text(),
                       base_of(request.service, change.record.id),
                       as_it_was ? std::string() : std::move(change.record.json)});
  }
  return changes;
}

result<std::vector<message_change>> view_source::create(const prepared_write& from) {
  const service_index service = from.request.service;
  std::vector<message_change> changes;
  std::unordered_set<record_id> planned;
  for (const records::document& each : from.documents) {
    const std::optional<record_id>& id = from.request.id ? from.request.id : each.id;
    if (!id) {
      changes.push_back({event_type::created, std::nullopt, 0, each.json});
      continue;
    }
    if (taken(service, *id) || !planned.insert(*id).second) {
      return id_taken(*id);
    }
    const std::string json = each.id_size == 0 || from.request.id
                                 ? id_json(*id)
                                 : each.json.substr(each.id_at, each.id_size);
    changes.push_back(
        {event_type::created, id->text(), 0, make_record(each, *id, json, fields_[service]).json});
  }
  return changes;
}

std::optional<result<written>> view_source::first_answer(const prepared_write& of,
                                                         std::uint64_t epoch) {
  const snapshot now(database_);
  const idempotency& once = *of.request.once;
  const service_definition& definition = options_.services[of.request.service];
  sqlite_rows rows = find_answer_.ask(numbers_[of.request.service], once.key);
  if (!rows.next()) {
    return std::nullopt;
  }
  auto first = read_answer(rows, definition, epoch);
  if (first.at + options_.idempotency_window <= options_.now()) {
    return std::nullopt;
  }
  return replay(first.body_digest, once, std::move(first.result));
}

bool view_source::taken(service_index service, const record_id& id) {
  return lookup_.place_of(numbers_[service], id).has_value() ||
         is_delayed_.ask(numbers_[service], id.text()).next();
}

std::optional<record> view_source::current(service_index service, const record_id& id) {
  const std::optional<record_place> place = lookup_.place_of(numbers_[service], id);
  return place ? lookup_.at(numbers_[service], *place) : std::nullopt;
}

std::vector<record> view_source::matching(service_index service, const records::query& where,
                                          std::size_t most) {
  return lookup_.matching(numbers_[service], where, options_.services[service].key_field, most);
}

std::uint64_t view_source::base_of(service_index service, const record_id& id) {
  const std::optional<record_place> place = lookup_.place_of(numbers_[service], id);
  return place ? lookup_.position_at(numbers_[service], *place) : 0;
}

}  // namespace flowcast::stores
