#include "realtime/send_batch.hpp"

// What a build without io_uring has in its place: every sender sends by itself.
namespace flowcast::realtime {

struct send_batch::system {};

send_batch::send_batch(bool /*wanted*/) : works_(false) {}

send_batch::~send_batch() = default;

void send_batch::open() {}

bool send_batch::add(socket_handle /*socket*/, std::string_view /*bytes*/, batched_sender& /*by*/,
                     report /*when*/) {
  return false;
}

void send_batch::flush() {}

void send_batch::close() {}

}  // namespace flowcast::realtime
