#include "stores/gathered_wal.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace flowcast::stores {

namespace {

// A page at most is what SQLite itself writes at once: its own file does not take much more.
constexpr std::size_t most_gathered = 65'536;
constexpr std::size_t frame_header_size = 24;
constexpr std::size_t size_after_commit = 4;  // where it is in a frame's header

// What SQLite has of an open WAL. SQLite's own file is in the same piece of memory, behind it.
class wal_file : public sqlite3_file {
 public:
  wal_file() : sqlite3_file{&methods} { inner().pMethods = nullptr; }

  [[nodiscard]] static constexpr std::size_t size() {
    constexpr std::size_t unit = alignof(std::max_align_t);
    return (sizeof(wal_file) + unit - 1) / unit * unit;
  }

  [[nodiscard]] sqlite3_file& inner() {
    return *reinterpret_cast<sqlite3_file*>(reinterpret_cast<std::byte*>(this) + size());
  }

 private:
  static wal_file& of(sqlite3_file* file) { return *static_cast<wal_file*>(file); }

  int gather(std::span<const std::byte> bytes, sqlite3_int64 at) {
    const bool goes_on = at == begin_ + static_cast<sqlite3_int64>(gathered_.size());
    if (!goes_on || gathered_.size() + bytes.size() > most_gathered) {
      if (const int code = write(); code != SQLITE_OK) {
        return code;
      }
      begin_ = at;
    }
    gathered_.insert(gathered_.end(), bytes.begin(), bytes.end());
    if (bytes.size() == frame_header_size) {
      const auto size = bytes.subspan<size_after_commit, sizeof(std::uint32_t)>();
      commits_ =
          std::any_of(size.begin(), size.end(), [](std::byte one) { return one != std::byte(); });
      return SQLITE_OK;
    }
    return commits_ ? write() : SQLITE_OK;
  }

  // What fails is not tried again: SQLite rolls back.
  int write() {
    if (gathered_.empty()) {
      return SQLITE_OK;
    }
    const int code = inner().pMethods->xWrite(&inner(), gathered_.data(),
                                              static_cast<int>(gathered_.size()), begin_);
    gathered_.clear();
    return code;
  }

  // Has SQLite's own file do something, once all is written.
  template <auto Method, class... Arguments>
  static int after_writing(sqlite3_file* file, Arguments... arguments) {
    if (const int code = of(file).write(); code != SQLITE_OK) {
      return code;
    }
    return pass_on<Method>(file, arguments...);
  }

  template <auto Method, class... Arguments>
  static int pass_on(sqlite3_file* file, Arguments... arguments) {
    sqlite3_file& inner = of(file).inner();
    return (inner.pMethods->*Method)(&inner, arguments...);
  }

  static int close(sqlite3_file* file) {
    const int written = of(file).write();
    const int closed = pass_on<&sqlite3_io_methods::xClose>(file);
    of(file).~wal_file();
    return written != SQLITE_OK ? written : closed;
  }

  static const sqlite3_io_methods methods;

  std::vector<std::byte> gathered_;
  sqlite3_int64 begin_ = 0;  // in the file, of what is gathered
  bool commits_ = false;     // the frame that is written
};

const sqlite3_io_methods wal_file::methods = {
    .iVersion = 1,  // the later ones are of the shared memory and the mapping of databases
    .xClose = close,
    .xRead = after_writing<&sqlite3_io_methods::xRead>,
    .xWrite =
        [](sqlite3_file* file, const void* data, int bytes, sqlite3_int64 at) {
          return of(file).gather(
              {static_cast<const std::byte*>(data), static_cast<std::size_t>(bytes)}, at);
        },
    .xTruncate = after_writing<&sqlite3_io_methods::xTruncate>,
    .xSync = after_writing<&sqlite3_io_methods::xSync>,
    .xFileSize = after_writing<&sqlite3_io_methods::xFileSize>,
    .xLock = pass_on<&sqlite3_io_methods::xLock>,
    .xUnlock = pass_on<&sqlite3_io_methods::xUnlock>,
    .xCheckReservedLock = pass_on<&sqlite3_io_methods::xCheckReservedLock>,
    .xFileControl = pass_on<&sqlite3_io_methods::xFileControl>,
    .xSectorSize = pass_on<&sqlite3_io_methods::xSectorSize>,
    .xDeviceCharacteristics = pass_on<&sqlite3_io_methods::xDeviceCharacteristics>,
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

sqlite3_vfs& sqlites_own() {
  static sqlite3_vfs* const found = sqlite3_vfs_find(nullptr);
  return *found;
}

int open(sqlite3_vfs* /*vfs*/, const char* path, sqlite3_file* file, int flags, int* given) {
  sqlite3_vfs& own = sqlites_own();
  if ((flags & SQLITE_OPEN_WAL) == 0) {
    return own.xOpen(&own, path, file, flags, given);
  }
  auto* const wal = new (file) wal_file;
  const int code = own.xOpen(&own, path, &wal->inner(), flags, given);
  if (code != SQLITE_OK) {
    wal->~wal_file();
    file->pMethods = nullptr;  // SQLite closes what has some
  }
  return code;
}

// A copy, since methods find what is theirs in the VFS that they are called with.
sqlite3_vfs gathering_vfs() {
  sqlite3_vfs vfs = sqlites_own();
  vfs.zName = "flowcast-gathered-wal";
  vfs.szOsFile += static_cast<int>(wal_file::size());
  vfs.pNext = nullptr;
  vfs.xOpen = open;
  return vfs;
}

}  // namespace

const char* gathered_wal() {
  static sqlite3_vfs vfs = gathering_vfs();
  static const int registered = sqlite3_vfs_register(&vfs, 0);
  if (registered != SQLITE_OK) {
    throw std::runtime_error(std::string("SQLite takes no VFS: ") + sqlite3_errstr(registered));
  }
  return vfs.zName;
}

}  // namespace flowcast::stores
