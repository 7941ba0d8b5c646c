#include "services/record_service.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "protocol/json_scanner.hpp"
#include "services/access.hpp"
#include "services/document_list.hpp"
#include "services/page_json.hpp"
#include "services/store_reads.hpp"

namespace flowcast::services {

using records::errc;
using records::error;

namespace {

// FNV-1a: the digest is stored, so it must be the same in every build.
class digest {
 public:
  void add(std::string_view text) {
    for (const char c : text)
      add(static_cast<unsigned char>(c));
    add(std::uint8_t{0xff});  // no UTF-8 text holds it: it ends each part
  }
  [[nodiscard]] std::uint64_t value() const { return state_; }

 private:
  void add(std::uint8_t byte) { state_ = (state_ ^ byte) * 0x100000001b3U; }

  std::uint64_t state_ = 0xcbf29ce484222325U;
};

bool is_idempotency_key(std::string_view key) {
  return key.size() <= longest_idempotency_key &&
         std::all_of(key.begin(), key.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

records::event_type event_of(method what) {
  switch (what) {
    case method::update:
      return records::event_type::updated;
    case method::patch:
      return records::event_type::patched;
    case method::remove:
      return records::event_type::removed;
    default:
      return records::event_type::created;
  }
}

}  // namespace

record_service::record_service(service_index index, service_options options,
                               stores::event_store& store)
    : service(index, std::move(options)), store_(store) {}

void record_service::handle(call request, const caller& who, answered done) {
  if (who.who) {
    if (auto refused = authorize(request, *who.who)) {
      done(*std::move(refused));
      return;
    }
  }
  if (request.query.deliver_after.count() != 0) {
    if (request.what != method::create) {
      done(error{errc::bad_request, "only a create can be delivered later", {}, {}});
      return;
    }
    if (request.query.deliver_after > options().max_deliver_after) {
      done(error{errc::bad_request,
                 "a publish can be delivered at most " +
                     std::to_string(options().max_deliver_after.count()) + " ms later",
                 {},
                 {}});
      return;
    }
  }
  if (!is_idempotency_key(request.idempotency_key)) {
    done(error{errc::bad_request,
               "an Idempotency-Key is at most " + std::to_string(longest_idempotency_key) +
                   " printable ASCII characters, such as a UUID",
               {},
               {}});
    return;
  }
  if (auto refused = check_depth(request)) {
    done(*std::move(refused));
    return;
  }
  switch (request.what) {
    case method::find:
      return find_in_store(*this, store_, std::move(request.query), std::move(done));
    case method::get:
      return get_from_store(*this, store_, std::move(request), std::move(done));
    case method::create:
      return create(std::move(request), std::move(done));
    case method::update:
    case method::patch:
    case method::remove:
      return change(std::move(request), std::move(done));
  }
}

// What is deeper than any record may be is found by whoever reads it.
std::optional<error> record_service::check_depth(const call& request) const {
  if (options().max_depth == records::deepest_record) {
    return std::nullopt;
  }
  const unsigned most = options().max_depth + (is_array(request.document) ? 1 : 0);
  const protocol::json_scan scan = protocol::scan_json(request.document, most);
  if (scan.fault != protocol::json_fault::too_deep) {
    return std::nullopt;
  }
  return error{errc::bad_request,
               "The record is not valid JSON: " + std::string(describe(scan.fault)) + " at byte " +
                   std::to_string(scan.at) + ": at most " + std::to_string(options().max_depth) +
                   " arrays and objects may be open at once",
               {},
               {},
               records::error_cause::json_too_deep};
}

std::optional<error> record_service::authorize(call& request, const auth::identity& who) const {
  const auto may = keys_for(request.what, name(), who);
  if (!may) {
    return may.error();
  }
  if ((*may)->is_all()) {
    return std::nullopt;
  }
  if (request.what != method::create) {
    request.query.narrow_to(*may);
  }
  return is_read(request.what) || request.what == method::remove ? std::nullopt
                                                                 : check_keys(request, **may, who);
}

// The keys that records are given.
std::optional<error> record_service::check_keys(const call& request,
                                                const records::key_patterns& may,
                                                const auth::identity& who) const {
  const protocol::json_scan scan = protocol::scan_json(request.document);
  if (!scan) {
    return std::nullopt;  // refused by whoever reads it
  }
  const auto allowed = [&](protocol::json_value document) {
    const protocol::json_value key = document.member(options().definition.key_field);
    // A patch that does not name the key leaves it as it is.
    return request.what == method::patch && !key ? true : may.matches(records::key_of(key));
  };
  bool all = true;
  if (scan.value.is(protocol::json_kind::array)) {
    for (const protocol::json_value& each : scan.value.elements()) {
      all = all && allowed(each);
    }
  } else {
    all = allowed(scan.value);
  }
  return all ? std::nullopt : std::optional(may_not(who, "publish this key to", name()));
}

void record_service::create(call&& request, answered&& done) {
  stores::write write;
  write.service = index();
  write.kind = records::event_type::created;
  write.deliver_after = request.query.deliver_after;
  if (!request.idempotency_key.empty()) {
    digest body;
    body.add(to_string(request.what));
    body.add(request.document);
    write.once = stores::idempotency{std::move(request.idempotency_key), body.value()};
  }
  const bool many = is_array(request.document);
  if (many) {
    if (!options().multi) {
      done(method_not_multi(request.what));
      return;
    }
    auto documents = split_array(request.document, most_created_at_once);
    if (!documents) {
      done(std::move(documents).error());
      return;
    }
    if (documents->empty()) {
      done(answer{"[]"});
      return;
    }
    write.documents = std::move(*documents);
  } else {
    write.documents.push_back(std::move(request.document));
  }
  submit(std::move(write), std::move(request.query), many, std::move(done));
}

void record_service::change(call&& request, answered&& done) {
  if (request.what == method::update && (!request.id || is_array(request.document))) {
    done(error{errc::bad_request,
               "You can not replace multiple instances. Did you mean 'patch'?",
               {},
               {}});
    return;
  }
  if (!request.id && !options().multi) {
    done(method_not_multi(request.what));
    return;
  }
  stores::write write;
  write.service = index();
  write.kind = event_of(request.what);
  if (!request.idempotency_key.empty()) {
    digest body;
    body.add(to_string(request.what));
    body.add(request.id ? request.id->text() : std::string_view());
    body.add(request.document);
    if (const std::string_view where = request.query.conditions(); !where.empty()) {
      body.add(where);
    }
    write.once = stores::idempotency{std::move(request.idempotency_key), body.value()};
  }
  const bool many = !request.id;
  if (request.what != method::remove) {
    write.documents.push_back(std::move(request.document));
  }
  write.id = std::move(request.id);
  write.where = request.query;
  submit(std::move(write), std::move(request.query), many, std::move(done));
}

void record_service::submit(stores::write&& write, records::query&& query, bool many,
                            answered&& done) {
  store_.submit(std::move(write), [this, query = std::move(query), many,
                                   done = std::move(done)](result<stores::written> stored) {
    if (!stored) {
      done(std::move(stored).error());
      return;
    }
    std::vector<records::record>& records = stored->records;
    // The first answer may be another publisher's, who may do more.
    const auto within_reach = [&query](const records::record& one) {
      return query.reaches(one.key);
    };
    if (stored->replayed && !std::all_of(records.begin(), records.end(), within_reach)) {
      done(error{errc::forbidden,
                 "This Idempotency-Key was used for a key of '" + name() +
                     "' that your token does not allow",
                 {},
                 {}});
      return;
    }
    if (query.has_select()) {
      for (records::record& one : records)
        one = query.select(std::move(one), options().definition.id_field);
    }
    answer made;
    made.replayed = stored->replayed;
    if (many) {
      append_array(made.json, records);
    } else if (!records.empty()) {
      made.json = std::move(records.front().json);
    }
    done(std::move(made));
  });
}

}  // namespace flowcast::services
