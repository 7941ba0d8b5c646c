#pragma once

#include <cstdint>
#include <filesystem>

#include "stores/gathered_wal.hpp"
#include "stores/sqlite_database.hpp"

// The file of a store: what is in it, and how it is opened.
//
//   log       one row: the epoch, drawn when the file was made
//   services  a number for each name, and the counts that are too dear to take anew at each start
//   events    the log; `key` is '' where an event has none
//   records   where the last event of each record is; see record_place.hpp for `place`
//   names     the place of each id that is no number
//   delayed   records that were accepted and are not to appear yet
//   answers   what writes with an idempotency key were answered
//   view      where the file is a view of a log that is kept elsewhere: the last position of that
//   log that is in it
namespace flowcast::stores {

// Opens a store's file for writing; makes it, or brings its schema up to date, where that is
// needed. Throws std::runtime_error, with what to do about it, where the file is no store, is
// damaged, is of a newer version, or is locked by another program. `vfs`: as of sqlite_database.
[[nodiscard]] sqlite_database open_store_file(const std::filesystem::path& path,
                                              const char* vfs = gathered_wal());

// Beyond so many bytes (0: no limit) the file does not grow: writes fail as on a full disk.
void limit_file_size(sqlite_database& database, std::uint64_t bytes);

[[nodiscard]] std::uint64_t read_epoch(sqlite_database& database);

}  // namespace flowcast::stores
