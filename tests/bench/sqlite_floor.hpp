#pragma once

#include <cstddef>
#include <string>

namespace flowcast::bench {

// What SQLite alone does of the statements of a create, durably, `together` to a transaction, in a
// store's file at `path`: creates a second, over so many seconds.
double sqlite_floor(const std::string& path, std::size_t together, double seconds);

}  // namespace flowcast::bench
