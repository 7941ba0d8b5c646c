#pragma once

#include "services/service.hpp"

// Feathers' find and get on what the store has of a service. `done` is called once, inline or on
// the store's thread.
namespace flowcast::services {

// A page, no larger than the service allows.
void find_in_store(const service& of, stores::event_store& store, records::query query,
                   answered done);

// bad_request for a call without an id.
void get_from_store(const service& of, stores::event_store& store, call request, answered done);

}  // namespace flowcast::services
