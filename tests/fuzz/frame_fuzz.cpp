// However the bytes are cut, a decoder gives the same; and whole messages come back through the
// encoder.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/property.hpp"
#include "protocol/frame_decoder.hpp"
#include "protocol/frame_encoder.hpp"
#include "support/frame_transcript.hpp"

namespace flowcast::protocol {
namespace {

using fuzz::require;
using support::every_cut;
using support::transcript;

constexpr std::size_t limit = 300;

void check(std::string_view bytes, std::size_t stride, masking rule) {
  const std::vector<std::string> whole = transcript(bytes, limit, {}, rule);
  require(whole == transcript(bytes, limit, every_cut(bytes), rule),
          "byte by byte is the same as whole");
  std::vector<std::size_t> cuts;
  for (std::size_t at = stride; at < bytes.size(); at += stride) {
    cuts.push_back(at);
  }
  require(whole == transcript(bytes, limit, cuts, rule), "any pieces are the same as whole");
  for (const std::string& event : whole) {
    require(event != "input is left" && !event.starts_with("more bytes held") &&
                !event.starts_with("idle with"),
            "memory is kept to the rules");
  }
}

void check_input(std::string_view input) {
  if (input.empty()) {
    return;
  }
  const std::size_t stride = static_cast<unsigned char>(input.front()) % 31 + 1U;
  const std::string_view bytes = input.substr(1);
  check(bytes, stride, masking::required);
  check(bytes, stride, masking::refused);

  std::string frame;
  append_frame(frame, opcode::binary, bytes);
  require(transcript(frame, bytes.size(), {}, masking::refused) ==
              std::vector<std::string>{"binary:" + std::string(bytes)},
          "a message comes back");
}

}  // namespace
}  // namespace flowcast::protocol

void flowcast::fuzz::try_input(std::string_view input) {
  protocol::check_input(input);
}
