#pragma once

#include <string_view>

namespace flowcast {

// Where the program's words are read, for as long as it runs: a terminal, or on Windows a window
// that the desktop opened for it. Only Windows needs any of it.
class console {
 public:
  // Words are UTF-8 from now on.
  console();
  ~console();  // NOLINT(performance-trivially-destructible): not on Windows
  console(const console&) = delete;
  console& operator=(const console&) = delete;

  // Before the program ends with an error: where its window would close with it, waits until
  // somebody has read why.
  void let_be_read();

  // What curl is called in every shell of this system.
  static const std::string_view curl;

 private:
  unsigned code_page_ = 0;  // as it was; 0: there is none
};

}  // namespace flowcast
