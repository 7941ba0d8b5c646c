#include "stores/file_lock.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace flowcast::stores {

namespace {

std::string holder(int descriptor) {
  std::array<char, 24> text = {};
  const ssize_t size = pread(descriptor, text.data(), text.size(), 0);
  return size > 0 ? " by process " + std::string(text.data(), static_cast<std::size_t>(size)) : "";
}

}  // namespace

file_lock::file_lock(std::filesystem::path path) {
  path += ".lock";
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg,hicpp-vararg)
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (descriptor_ < 0) {
    throw std::runtime_error("Cannot open " + path.string() + ": " +
                             std::generic_category().message(errno) +
                             ". The server needs a directory that it may write in");
  }
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const std::string held = holder(descriptor_);
    ::close(descriptor_);
    throw std::runtime_error("The store is in use" + held + " (" + path.string() +
                             "): stop that server, or give this one a file of its own");
  }
  const std::string process = std::to_string(getpid());
  if (ftruncate(descriptor_, 0) != 0 ||
      pwrite(descriptor_, process.data(), process.size(), 0) < 0) {
    // Only a courtesy to whoever meets the lock.
    errno = 0;
  }
}

file_lock::~file_lock() {
  ::close(descriptor_);
}

}  // namespace flowcast::stores
