#include "stores/nats_view.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "stores/sqlite_file.hpp"
#include "stores/write_plan.hpp"

namespace flowcast::stores {

namespace {

using records::event;
using records::event_type;
using records::record;
using records::record_id;
using time = sqlite_log::time;

void remove_view(const std::filesystem::path& path) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::remove(path.string() + suffix);
  }
}

// Whether the view can be carried on with.
bool is_of_use(sqlite_database& database, const store_options& options, std::uint64_t epoch,
               std::uint64_t first, std::uint64_t last) {
  sqlite_statement applied(database, "SELECT applied FROM view");
  sqlite_statement known(database, "SELECT count(*) FROM services WHERE name = ?");
  std::uint64_t position = 0;
  {
    sqlite_rows rows = applied.ask();
    position = rows.next() ? static_cast<std::uint64_t>(rows.integer(0)) : 0;
  }
  const bool knows_services =
      std::all_of(options.services.begin(), options.services.end(), [&](const auto& service) {
        sqlite_rows rows = known.ask(service.name);
        return rows.next() && rows.integer(0) == 1;
      });
  return read_epoch(database) == epoch && knows_services && position + 1 >= first &&
         position <= last && !database.failed();
}

sqlite_database make_view(const std::filesystem::path& path, std::uint64_t epoch) {
  remove_view(path);
  sqlite_database database = open_store_file(path);
  sqlite_statement(database, "UPDATE log SET epoch = ?").run(epoch);
  return database;
}

sqlite_database open_view(const std::filesystem::path& path, const store_options& options,
                          std::uint64_t epoch, std::uint64_t first, std::uint64_t last) {
  if (std::filesystem::exists(path)) {
    try {
      sqlite_database database = open_store_file(path);
      if (is_of_use(database, options, epoch, first, last)) {
        return database;
      }
    } catch (const std::runtime_error&) {
      // A view that cannot be read is made anew below; if it cannot be made either, that says why.
      return make_view(path, epoch);
    }
  }
  return make_view(path, epoch);
}

}  // namespace

nats_view::nats_view(const std::filesystem::path& path, const store_options& options,
                     std::uint64_t epoch, std::uint64_t first, std::uint64_t last)
    : options_(options),
      fields_(fields_of(options.services)),
      lock_(path),
      database_(open_view(path, options, epoch, first, last)),
      log_(database_, options),
      applied_(log_.applied()) {
  // The stream is what is durable; the view must only never be half of a transaction.
  database_.execute("PRAGMA synchronous = NORMAL");
  if (applied_ + 1 < first) {
    applied_ = first - 1;
    log_.begin();
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      log_.trim_through(static_cast<service_index>(i),
                        position_in_message(applied_, most_changes_in_a_message - 1));
    }
    log_.set_applied(applied_);
    if (auto committed = log_.commit(); !committed) {
      throw std::runtime_error("Cannot write the view " + path.string() + ": " +
                               committed.error().message);
    }
  }
}

applied_message nats_view::apply(std::uint64_t sequence, std::string_view json,
                                 std::vector<event>& events) {
  applied_ = sequence;
  applied_message out;
  std::optional<log_message> message = parse_message(json);
  if (!message) {
    return out;
  }
  out.writer = message->writer;
  const time at{std::chrono::milliseconds(message->at)};
  if (message->deliver != 0) {
    log_.deliver(message->deliver, position_in_message(sequence, 0), at, events);
    return out;
  }
  const auto named =
      std::find_if(options_.services.begin(), options_.services.end(),
                   [&](const auto& service) { return service.name == message->service; });
  if (named == options_.services.end()) {
    return out;
  }
  const auto service = static_cast<service_index>(named - options_.services.begin());
  if (message->trim != 0) {
    log_.trim_through(service, message->trim);
    log_.forget_answers(at);
    return out;
  }
  if (message->once && log_.find_answer(service, message->once->key, at)) {
    out.what = applied_message::outcome::repeated;
    return out;
  }
  if (is_void(service, *message)) {
    out.what = applied_message::outcome::superseded;
    return out;
  }
  std::uint64_t index = 0;
  for (message_change& change : message->changes) {
    const std::uint64_t number =
        sequence + static_cast<std::uint64_t>(named->start_id) - 1 + (index << 42U);
    apply_change(service, position_in_message(sequence, index), number, std::move(change), *message,
                 out, events);
    ++index;
  }
  out.result.last = log_.head();
  if (message->once) {
    log_.remember(service, *message->once, out.result, at);
  }
  return out;
}

result<void> nats_view::commit() {
  log_.set_applied(applied_);
  auto committed = log_.commit();
  if (!committed) {
    applied_ = log_.applied();
  }
  return committed;
}

bool nats_view::is_void(service_index service, const log_message& message) {
  return std::any_of(message.changes.begin(), message.changes.end(),
                     [&](const message_change& change) {
                       if (!change.id) {
                         return false;
                       }
                       const record_id id = record_id::from_text(*change.id);
                       return log_.position_of(service, id) != change.base ||
                              (change.base == 0 && log_.is_delayed(service, id));
                     });
}

void nats_view::apply_change(service_index service, std::uint64_t position, std::uint64_t number,
                             message_change change, const log_message& message,
                             applied_message& into, std::vector<event>& events) {
  record changed;
  const std::string& position_field = options_.services[service].position_field;
  if (change.type == event_type::removed && change.json.empty()) {
    changed = log_.current(service, record_id::from_text(*change.id)).value_or(record());
  } else {
    auto read = records::read_document(std::move(change.json), fields_[service]);
    if (!read) {
      return;  // written by nobody of ours
    }
    if (change.id) {
      changed = {record_id::from_text(*change.id), std::move(read->key), std::move(read->json)};
    } else {
      changed = make_record(*std::move(read), free_number(service, number), fields_[service]);
    }
  }
  if (!position_field.empty()) {
    give_position(changed, position_field, position);
  }
  into.result.records.push_back(changed);
  if (message.due != 0) {
    log_.delay(service, changed, position, time(std::chrono::milliseconds(message.due)));
    return;
  }
  events.push_back({service, change.type, std::move(changed), {log_.head().epoch, position}});
  log_.append(events.back(), time(std::chrono::milliseconds(message.at)));
}

std::int64_t nats_view::free_number(service_index service, std::uint64_t number) {
  const record_id id(static_cast<std::int64_t>(number));
  const bool taken = log_.taken(service, id);
  return static_cast<std::int64_t>(taken ? number + (std::uint64_t{1} << 52U) : number);
}

}  // namespace flowcast::stores
