#include <iostream>
#include <string>

#include <windows.h>

#include "console.hpp"

namespace flowcast {

namespace {

// A shell that waits for the program would be in it too.
bool window_is_ours() {
  DWORD processes[2] = {};
  return ::GetConsoleProcessList(processes, 2) == 1;
}

bool somebody_is_there() {
  DWORD mode = 0;
  return ::GetConsoleMode(::GetStdHandle(STD_INPUT_HANDLE), &mode) != 0 &&
         ::GetConsoleMode(::GetStdHandle(STD_ERROR_HANDLE), &mode) != 0;
}

}  // namespace

// What it is given is UTF-8 by the program's manifest.
console::console() : code_page_(::GetConsoleOutputCP()) {
  ::SetConsoleOutputCP(CP_UTF8);  // fails where there is no console
}

console::~console() {
  if (code_page_ != 0) {
    ::SetConsoleOutputCP(code_page_);
  }
}

void console::let_be_read() {
  if (window_is_ours() && somebody_is_there()) {
    std::cerr << "\nPress Enter to close this window." << std::flush;
    std::string line;
    std::getline(std::cin, line);
  }
}

// `curl` alone is another command in Windows' own PowerShell.
const std::string_view console::curl = "curl.exe";

}  // namespace flowcast
