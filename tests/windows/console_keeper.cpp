// console-keeper PROGRAM.exe ARGUMENT...: runs a program in its own console, as a shell does, and
// ends as the program does. A line of its input is what happens to the console:
//
//   c       Ctrl-C, whose key Wine's console sees only while somebody reads from it
//   break   Ctrl-Break
//   close   the console's window is closed

#include <iostream>
#include <string>
#include <thread>

#include <windows.h>

namespace {

BOOL WINAPI stay(DWORD /*what*/) {
  return TRUE;
}

// As Windows does it: a thread in the program, at the routine that calls its handlers. Both have
// that one at the same place.
void tell(HANDLE program, DWORD_PTR what) {
  FARPROC const routine = ::GetProcAddress(::GetModuleHandleW(L"kernelbase"), "CtrlRoutine");
  // A function of another type than GetProcAddress says, and a number where a pointer goes.
  ::CreateRemoteThread(program, nullptr, 0,
                       reinterpret_cast<LPTHREAD_START_ROUTINE>(reinterpret_cast<void*>(routine)),
                       reinterpret_cast<void*>(what), 0, nullptr);
}

void obey(HANDLE program) {
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "c")
      ::GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0);
    if (line == "break")
      tell(program, CTRL_BREAK_EVENT);  // which Wine does not generate
    if (line == "close")
      tell(program, CTRL_CLOSE_EVENT);
  }
}

// All behind the name of this program, as it was written.
std::string rest_of_line() {
  const std::string all = ::GetCommandLineA();
  const std::size_t end = all.starts_with('"') ? all.find('"', 1) : all.find(' ');
  return all.substr(all.find_first_not_of(' ', end + 1));
}

}  // namespace

int main() {
  ::SetConsoleCtrlHandler(stay, TRUE);
  std::string line = rest_of_line();
  STARTUPINFOA how = {};
  how.cb = sizeof how;
  PROCESS_INFORMATION program = {};
  if (::CreateProcessA(nullptr, line.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &how,
                       &program) == 0) {
    std::cerr << "cannot start " << line << "\n";
    return 1;
  }
  std::thread(obey, program.hProcess).detach();
  ::WaitForSingleObject(program.hProcess, INFINITE);
  DWORD code = 1;
  ::GetExitCodeProcess(program.hProcess, &code);
  ::TerminateProcess(::GetCurrentProcess(), code);  // whatever the input is waited for
}
