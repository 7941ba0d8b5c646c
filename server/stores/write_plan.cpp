#include "stores/write_plan.hpp"

#include <string>
#include <unordered_set>
#include <utility>

#include "protocol/json_scanner.hpp"
#include "protocol/json_writer.hpp"

namespace flowcast::stores {

namespace {

using records::document;
using records::errc;
using records::error;
using records::event_type;
using records::record;
using records::record_fields;
using records::record_id;

error refuse(std::string why) {
  return {errc::bad_request, std::move(why), {}, {}};
}

class planner {
 public:
  planner(prepared_write& from, const record_fields& fields, std::size_t most_changes,
          record_source& source)
      : from_(from), fields_(fields), most_changes_(most_changes), source_(source) {}

  [[nodiscard]] result<write_plan> run() {
    auto done = from_.request.decide && from_.request.id    ? decided(*from_.request.id)
                : from_.request.kind == event_type::created ? create_all()
                : from_.request.id                          ? change_one(*from_.request.id)
                                                            : change_matching();
    if (!done) {
      return done.error();
    }
    // What is delivered later is not late.
    if (from_.request.deliver_after.count() == 0) {
      plan_.received = from_.request.received;
    }
    return std::move(plan_);
  }

 private:
  [[nodiscard]] service_index service() const { return from_.request.service; }

  [[nodiscard]] result<void> create_all() {
    for (document& each : from_.documents) {
      if (from_.request.id) {
        each.id = from_.request.id;
      }
      auto created = each.id ? create_as(std::move(each)) : create_numbered(std::move(each));
      if (!created) {
        return created;
      }
    }
    return {};
  }

  [[nodiscard]] result<void> create_as(document&& from) {
    record_id id = *from.id;
    if (source_.taken(service(), id) || !planned_.insert(id).second) {
      return id_taken(id);
    }
    const std::string json = from.id_size == 0 || from_.request.id
                                 ? id_json(id)
                                 : from.json.substr(from.id_at, from.id_size);
    add(event_type::created, make_record(std::move(from), std::move(id), json, fields_));
    return {};
  }

  [[nodiscard]] result<void> create_numbered(document&& from) {
    std::int64_t number = plan_.next_id ? *plan_.next_id : source_.next_id(service());
    record_id id(number);
    while (source_.taken(service(), id) || is_planned(id)) {
      id = record_id(++number);
    }
    plan_.next_id = number + 1;
    const std::string json = id.text();
    add(event_type::created, make_record(std::move(from), std::move(id), json, fields_));
    return {};
  }

  // Most plans name no id, and then there is nothing to hash for.
  [[nodiscard]] bool is_planned(const record_id& id) const {
    return !planned_.empty() && planned_.contains(id);
  }

  [[nodiscard]] result<void> change_one(const record_id& id) {
    std::optional<record> current = source_.current(service(), id);
    if (!current || !from_.request.where.matches(*current)) {
      return not_found(id);
    }
    change(*std::move(current));
    return {};
  }

  [[nodiscard]] result<void> change_matching() {
    std::vector<record> found = source_.matching(service(), from_.request.where, most_changes_);
    if (found.size() > most_changes_) {
      return refuse("The query matches more than " + std::to_string(most_changes_) +
                    " records: narrow it, and repeat it for the rest");
    }
    for (record& each : found) {
      change(std::move(each));
    }
    return {};
  }

  void change(record current) {
    switch (from_.request.kind) {
      case event_type::updated:
        add(event_type::updated, update_record(current, from_.documents.front(), fields_));
        break;
      case event_type::patched:
        add(event_type::patched, patch_record(current, from_.documents.front(), fields_));
        break;
      default:
        add(event_type::removed, std::move(current));
        break;
    }
  }

  [[nodiscard]] result<void> decided(const record_id& id) {
    std::optional<record> current = source_.current(service(), id);
    if (current && !from_.request.where.matches(*current)) {
      return not_found(id);
    }
    auto answer = from_.request.decide(current ? &*current : nullptr);
    if (!answer) {
      return answer.error();
    }
    for (decided_change& each : *answer) {
      auto next = decided(id, current, each);
      if (!next) {
        return next.error();
      }
      current = *std::move(next);
    }
    if (plan_.changes.empty() && current) {
      plan_.unchanged.push_back(*std::move(current));
    }
    return {};
  }

  // Plans one change of what the record is by then, and gives what it is after that.
  [[nodiscard]] result<std::optional<record>> decided(const record_id& id,
                                                      const std::optional<record>& current,
                                                      decided_change& change) {
    const bool removes = change.type == event_type::removed;
    if (removes && !current) {
      return std::optional<record>();
    }
    if (removes && change.document.empty()) {
      add(event_type::removed, *current);
      return std::optional<record>();
    }
    auto read = records::read_document(std::move(change.document), fields_);
    if (!read) {
      return read.error();
    }
    if (current) {
      record changed = update_record(*current, *std::move(read), fields_);
      add(change.type == event_type::created ? event_type::updated : change.type, changed);
      return removes ? std::optional<record>() : std::optional(std::move(changed));
    }
    const std::string json =
        read->id == id ? read->json.substr(read->id_at, read->id_size) : id_json(id);
    record created = make_record(*std::move(read), id, json, fields_);
    add(event_type::created, created);
    return std::optional(std::move(created));
  }

  void add(event_type type, record changed) { plan_.changes.push_back({type, std::move(changed)}); }

  prepared_write& from_;
  const record_fields& fields_;
  std::size_t most_changes_;
  record_source& source_;
  write_plan plan_;
  std::unordered_set<record_id> planned_;
};

result<void> check(const write& request) {
  const bool decides = request.decide && request.id;
  const bool one = request.kind == event_type::updated || request.kind == event_type::patched;
  if (request.kind == event_type::updated && !request.id) {
    return refuse("You can not replace multiple instances. Did you mean 'patch'?");
  }
  if (one && !decides && request.documents.size() != 1) {
    return refuse("One record is needed to update or patch with");
  }
  if (request.kind == event_type::created && request.id && request.documents.size() > 1) {
    return refuse("One id is for one record");
  }
  if (request.deliver_after.count() > 0 && (request.kind != event_type::created || decides)) {
    return refuse("Only what is created can be delivered later");
  }
  return {};
}

}  // namespace

result<prepared_write> prepare(write& request, completion<written>& done,
                               const record_fields& fields) {
  if (auto refused = check(request); !refused) {
    return refused.error();
  }
  std::vector<document> documents;
  documents.reserve(request.documents.size());
  std::size_t bytes = 0;
  for (std::string& text : request.documents) {
    auto each = records::read_document(std::move(text), fields);
    if (!each) {
      return each.error();
    }
    bytes += each->json.size();
    documents.push_back(*std::move(each));
  }
  request.documents.clear();
  result<prepared_write> prepared(boost::system::in_place_value, std::move(request),
                                  std::move(documents), std::move(done), bytes);
  return prepared;
}

result<write_plan> plan_write(prepared_write& from, const record_fields& fields,
                              std::size_t most_changes, record_source& source) {
  return planner(from, fields, most_changes, source).run();
}

std::string id_json(const record_id& id) {
  if (id.number()) {
    return id.text();
  }
  std::string json;
  protocol::append_json_string(json, id.text());
  return json;
}

void give_position(record& changed, std::string_view field, std::uint64_t position) {
  std::string& json = changed.json;
  if (protocol::scan_json(json, protocol::highest_json_depth).value.member(field)) {
    return;
  }
  json.pop_back();
  if (json.size() > 1) {
    json += ',';
  }
  protocol::append_json_string(json, field);
  json.append(":").append(std::to_string(position)).push_back('}');
}

error not_found(const record_id& id) {
  return {errc::not_found, "No record found for id '" + id.text() + "'", {}, {}};
}

error id_taken(const record_id& id) {
  return {errc::conflict,
          "There is a record with id '" + id.text() +
              "' already: update or patch it, or leave the id out to get a new one",
          {},
          {}};
}

error store_unavailable(std::string why) {
  return {errc::unavailable, std::move(why), {}, std::chrono::seconds(1)};
}

std::vector<record_fields> fields_of(const std::vector<service_definition>& services) {
  std::vector<record_fields> fields;
  fields.reserve(services.size());
  for (const service_definition& each : services) {
    fields.push_back({each.id_field, each.key_field});
  }
  return fields;
}

}  // namespace flowcast::stores
