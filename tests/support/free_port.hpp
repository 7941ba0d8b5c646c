#pragma once

#include <cstdint>

namespace flowcast {

// A port of the loopback that nobody listens on, and that this process has not been given before.
// Below what Linux gives to whoever asks for any: a connection that goes out, or another test's
// server, cannot take it while its own server is not there yet, or is being restarted. From any
// thread.
std::uint16_t free_port();

}  // namespace flowcast
