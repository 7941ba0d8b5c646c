#pragma once

#include <optional>

#include "services/service.hpp"

namespace flowcast::services {

// A service whose records are what its publishers made them: Feathers' methods on the store. The
// store outlives it.
//
// Errors, beside the store's own and those of every service: bad_request for what is no record;
// method_not_allowed for many at once where `multi` is off; payload_too_large for more than
// most_created_at_once.
//
// Who has the right to some keys alone reads and changes their records only, as if there were no
// others, and gives records no other.
class record_service final : public service {
 public:
  record_service(service_index index, service_options options, stores::event_store& store);

  void handle(call request, const caller& who, answered done) override;

 private:
  void create(call&& request, answered&& done);
  void change(call&& request, answered&& done);  // update, patch, remove
  void submit(stores::write&& write, records::query&& query, bool many, answered&& done);
  [[nodiscard]] std::optional<records::error> check_depth(const call& request) const;
  [[nodiscard]] std::optional<records::error> authorize(call& request,
                                                        const auth::identity& who) const;
  [[nodiscard]] std::optional<records::error> check_keys(const call& request,
                                                         const records::key_patterns& may,
                                                         const auth::identity& who) const;

  stores::event_store& store_;
};

}  // namespace flowcast::services
