#include "console.hpp"

// A terminal is UTF-8 and stays open.
namespace flowcast {

console::console() = default;
console::~console() = default;
void console::let_be_read() {}

const std::string_view console::curl = "curl";

}  // namespace flowcast
