#pragma once

#include <memory>
#include <string_view>

#include "stores/event_store.hpp"
#include "stores/store_options.hpp"

namespace flowcast::stores {

// The store that a setting names: "memory", "sqlite:PATH" or "nats:URL". Throws std::runtime_error,
// with what to do about it, where that store cannot be had.
[[nodiscard]] std::unique_ptr<event_store> open_store(std::string_view spec, store_options options);

// Where nothing is said: "sqlite:flowcast.sqlite", or "memory" in a build without SQLite.
[[nodiscard]] std::string_view default_store();

// Those that a build may be without: then they throw.
[[nodiscard]] std::unique_ptr<event_store> open_sqlite_store(std::string_view path,
                                                             store_options options);
[[nodiscard]] std::unique_ptr<event_store> open_nats_store(std::string_view url,
                                                           store_options options);

}  // namespace flowcast::stores
