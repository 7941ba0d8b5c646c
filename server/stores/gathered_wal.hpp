#pragma once

namespace flowcast::stores {

// The name of a VFS (sqlite.org/vfs.html) that leaves all to SQLite's own, but gathers what is
// written to a WAL: SQLite makes two system calls for each page of a commit, which cost more than a
// quarter of the writer's time.
//
// Rules:
//  1. A commit is in the file when its last page is written (the second word of a frame's header
//     says which that is, sqlite.org/fileformat2.html#walformat): others may be shown it then.
//  2. Besides, all is in the file before the connection that wrote it syncs, reads, measures,
//     truncates or closes it.
//  3. Where it cannot be written, the call that was to write it fails with SQLite's own error.
//
// Any thread; registers the VFS when it is called first. Throws std::runtime_error if SQLite does
// not take it.
[[nodiscard]] const char* gathered_wal();

}  // namespace flowcast::stores
