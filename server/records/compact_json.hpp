#pragma once

#include <string>

namespace flowcast::records {

// Removes the white space between the tokens of a checked JSON text.
void compact_json(std::string& text);

}  // namespace flowcast::records
