#include <mutex>
#include <utility>

#include <boost/asio/post.hpp>
#include <windows.h>

#include "signal_source.hpp"

namespace flowcast {

struct signal_source::system {
  system(boost::asio::io_context& runs_on, heard by) : context(runs_on), told(std::move(by)) {
    const std::lock_guard lock(mutex);
    only = this;
    ::SetConsoleCtrlHandler(on_control, TRUE);
  }

  // The handler stays: to take it away would wait for it where it has been called, for ever where
  // it sleeps.
  ~system() {
    const std::lock_guard lock(mutex);
    only = nullptr;
  }

  void tell(signal what) {
    boost::asio::post(context, [this, what] { told(what); });
  }

  // On a thread that Windows makes for it.
  static BOOL WINAPI on_control(DWORD what) {
    const bool ends_us = what != CTRL_C_EVENT && what != CTRL_BREAK_EVENT;
    {
      const std::lock_guard lock(mutex);
      if (only == nullptr) {
        return FALSE;
      }
      only->tell(ends_us ? signal::stop_hastily : signal::stop);
    }
    if (ends_us) {
      ::Sleep(
          INFINITE);  // the process ends once this returns: main() shall be the one that ends it
    }
    return TRUE;
  }

  static inline std::mutex mutex;
  static inline system* only = nullptr;

  boost::asio::io_context& context;
  heard told;
};

signal_source::signal_source(boost::asio::io_context& context, heard told)
    : system_(std::make_unique<system>(context, std::move(told))) {}

signal_source::~signal_source() = default;

}  // namespace flowcast
