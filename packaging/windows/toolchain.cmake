# Debian's cross-compiler for 64-bit Windows, with the POSIX thread model: std::thread and std::mutex need it.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)

# Windows 10 and later. The libraries of the compiler go into the program, which then needs no file beside it.
set(CMAKE_CXX_FLAGS_INIT "-D_WIN32_WINNT=0x0A00 -DWIN32_LEAN_AND_MEAN -DNOMINMAX -Wa,-mbig-obj")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static -s")
set(ZLIB_USE_STATIC_LIBS ON)

# The headers of Boost, CLI11 and toml++ do for every system, but lie in /usr/include beside those of Linux, which must not
# be found: so a folder of links leads to these alone.
set(flowcast_headers ${CMAKE_BINARY_DIR}/headers)
file(MAKE_DIRECTORY ${flowcast_headers}/include ${flowcast_headers}/share/cmake)
foreach(found include/boost include/CLI include/toml++ share/cmake/CLI11)
  file(CREATE_LINK /usr/${found} ${flowcast_headers}/${found} SYMBOLIC)
endforeach()

# Programs are this machine's; all else is Windows' or comes from those links.
# Not by Boost's own files, which lead to libraries too.
set(Boost_NO_BOOST_CMAKE ON)
set(CMAKE_FIND_ROOT_PATH ${flowcast_headers} /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
