#include "services/store_reads.hpp"

#include <algorithm>
#include <utility>

#include "services/page_json.hpp"

namespace flowcast::services {

void find_in_store(const service& of, stores::event_store& store, records::query query,
                   answered done) {
  const service_options& options = of.options();
  query.limit = std::min(query.limit.value_or(options.paginate_default), options.paginate_max);
  store.find(of.index(), std::move(query), [done = std::move(done)](result<stores::page> found) {
    if (!found) {
      done(std::move(found).error());
      return;
    }
    done(answer{to_json(*found)});
  });
}

void get_from_store(const service& of, stores::event_store& store, call request, answered done) {
  if (!request.id) {
    done(records::error{records::errc::bad_request, "id for 'get' can not be undefined", {}, {}});
    return;
  }
  store.get(of.index(), std::move(*request.id), std::move(request.query),
            [done = std::move(done)](result<records::record> found) {
              if (!found) {
                done(std::move(found).error());
                return;
              }
              done(answer{std::move(found->json)});
            });
}

}  // namespace flowcast::services
