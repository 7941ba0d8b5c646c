#pragma once

#include <string>

#include "http/tls_context.hpp"

namespace flowcast::http {

// A certificate of its own making for `localhost`, and its key, as PEM files that go with it.
class self_signed {
 public:
  explicit self_signed(const std::string& name);
  ~self_signed();
  self_signed(const self_signed&) = delete;
  self_signed& operator=(const self_signed&) = delete;

  [[nodiscard]] const tls_files& files() const { return files_; }

 private:
  tls_files files_;
};

}  // namespace flowcast::http
