#include "stores/sqlite_reads.hpp"

#include <algorithm>
#include <utility>

#include "stores/log_page_builder.hpp"
#include "stores/write_plan.hpp"

namespace flowcast::stores {

namespace {

records::error too_many() {
  return store_unavailable("Too many reads are waiting, or it stops");
}

}  // namespace

sqlite_reads::sqlite_reads(const store_options& options, const records::offset& head)
    : options_(options), recent_(head, options.services.size(), options.recent_log_bytes) {}

void sqlite_reads::start(const std::filesystem::path& path,
                         const std::vector<std::int64_t>& numbers) {
  lookups_ = std::make_unique<reader_thread>(path, numbers, options_);
  searches_ = std::make_unique<reader_thread>(path, numbers, options_);
}

void sqlite_reads::stop() {
  if (lookups_) {
    lookups_->stop();
    searches_->stop();
  }
}

void sqlite_reads::find(service_index service, records::query query, const completion<page>& done) {
  const bool posted =
      searches_->post([service, query = std::move(query), done](sqlite_reader& reader) {
        done(reader.find(service, query));
      });
  if (!posted) {
    done(too_many());
  }
}

void sqlite_reads::get(service_index service, records::record_id id, records::query query,
                       const completion<records::record>& done) {
  const bool posted =
      lookups_->post([service, id = std::move(id), query = std::move(query),
                      done](sqlite_reader& reader) { done(reader.get(service, id, query)); });
  if (!posted) {
    done(too_many());
  }
}

void sqlite_reads::read_log(log_read request, const completion<log_page>& done) {
  if (auto refused = check_log_read(request, recent_.head(), options_.services.size()); !refused) {
    done(refused.error());
    return;
  }
  if (auto recent = recent_.read(request)) {
    done(*std::move(recent));
    return;
  }
  const bool walks = std::any_of(request.filters.begin(), request.filters.end(),
                                 [](const log_filter& filter) { return filter.whole; });
  reader_thread& reader = walks ? *searches_ : *lookups_;
  const bool posted = reader.post(
      [request = std::move(request), done](sqlite_reader& from) { done(from.read_log(request)); });
  if (!posted) {
    done(too_many());
  }
}

bool sqlite_reads::checkpoint() {
  return searches_ && searches_->post([](sqlite_reader& reader) { reader.checkpoint(); });
}

}  // namespace flowcast::stores
