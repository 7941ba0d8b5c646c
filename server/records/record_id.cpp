#include "records/record_id.hpp"

#include "protocol/decimal.hpp"
#include "records/json_compare.hpp"

namespace flowcast::records {

record_id::record_id(std::int64_t number) : text_(std::to_string(number)) {}

record_id record_id::from_text(std::string_view text) {
  record_id id;
  id.text_ = text;
  return id;
}

std::optional<record_id> record_id::from_json(protocol::json_value value) {
  record_id id;
  if (value.is(protocol::json_kind::number)) {
    id.text_ = canonical_number(value.text());
  } else if (value.is(protocol::json_kind::string)) {
    std::string buffer;
    id.text_ = value.string(buffer);
  } else {
    return std::nullopt;
  }
  if (id.text_.size() > longest_record_id) {
    return std::nullopt;
  }
  return id;
}

std::optional<std::int64_t> record_id::number() const {
  if (text_.empty() || text_.front() < '0' || text_.front() > '9' ||
      (text_.front() == '0' && text_.size() > 1)) {
    return std::nullopt;
  }
  return protocol::whole_number<std::int64_t>(text_);
}

}  // namespace flowcast::records
