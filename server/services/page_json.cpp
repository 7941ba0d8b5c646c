#include "services/page_json.hpp"

#include <cstddef>

namespace flowcast::services {

void append_array(std::string& out, const std::vector<records::record>& records) {
  std::size_t size = out.size() + 2;
  for (const records::record& one : records)
    size += one.json.size() + 1;
  out.reserve(size);
  out += '[';
  for (const records::record& one : records) {
    out += one.json;
    out += ',';
  }
  if (records.empty()) {
    out += ']';
  } else {
    out.back() = ']';
  }
}

std::string to_json(const stores::page& page) {
  std::string out = R"({"total":)" + std::to_string(page.total) + R"(,"limit":)" +
                    std::to_string(page.limit) + R"(,"skip":)" + std::to_string(page.skip) +
                    R"(,"data":)";
  append_array(out, page.records);
  out += '}';
  return out;
}

}  // namespace flowcast::services
