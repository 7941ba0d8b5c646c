#include "protocol/attachments.hpp"

#include "protocol/decimal.hpp"

namespace flowcast::protocol {

namespace {

class attachment_writer {
 public:
  attachment_writer(std::string& out, std::span<const std::string> attachments,
                    std::size_t max_size)
      : out_(out), attachments_(attachments), left_(max_size) {}

  [[nodiscard]] attachment_fault write(const json_value& value) {
    if (value.is(json_kind::array)) {
      return write_array(value);
    }
    if (!value.is(json_kind::object)) {
      return append(value.text());
    }
    const auto index = placeholder_index(value);
    if (!index) {
      return write_object(value);
    }
    if (*index >= attachments_.size()) {
      return attachment_fault::bad_placeholder;
    }
    return write_buffer(attachments_[*index]);
  }

 private:
  [[nodiscard]] attachment_fault append(std::string_view text) {
    if (text.size() > left_) {
      return attachment_fault::too_large;
    }
    left_ -= text.size();
    out_ += text;
    return attachment_fault::none;
  }

  [[nodiscard]] attachment_fault write_array(const json_value& array) {
    std::string_view before = "[";
    for (const json_value& element : array.elements()) {
      if (const auto fault = append(before); fault != attachment_fault::none) {
        return fault;
      }
      if (const auto fault = write(element); fault != attachment_fault::none) {
        return fault;
      }
      before = ",";
    }
    return append(before == "[" ? "[]" : "]");
  }

  [[nodiscard]] attachment_fault write_object(const json_value& object) {
    std::string_view before = "{";
    for (const json_member& member : object.members()) {
      for (const std::string_view piece : {before, member.name.text(), std::string_view(":")}) {
        if (const auto fault = append(piece); fault != attachment_fault::none) {
          return fault;
        }
      }
      if (const auto fault = write(member.value); fault != attachment_fault::none) {
        return fault;
      }
      before = ",";
    }
    return append(before == "{" ? "{}" : "}");
  }

  [[nodiscard]] attachment_fault write_buffer(std::string_view bytes) {
    constexpr std::string_view head = R"({"type":"Buffer","data":[)";
    constexpr std::string_view tail = "]}";
    const std::size_t longest = head.size() + tail.size();
    if (left_ < longest || (left_ - longest) / 4 < bytes.size()) {
      return attachment_fault::too_large;
    }
    const std::size_t before = out_.size();
    out_ += head;
    for (const char byte : bytes) {
      append_decimal(out_, static_cast<unsigned char>(byte));
      out_ += ',';
    }
    if (!bytes.empty()) {
      out_.pop_back();
    }
    out_ += tail;
    left_ -= out_.size() - before;
    return attachment_fault::none;
  }

  std::string& out_;
  std::span<const std::string> attachments_;
  std::size_t left_;
};

}  // namespace

std::optional<std::uint32_t> placeholder_index(const json_value& value) {
  if (!value.is(json_kind::object) || !value.member("_placeholder").is_true()) {
    return {};
  }
  std::string_view number = value.member("num").text();
  const auto index = take_decimal(number, 9);
  return index && number.empty() ? static_cast<std::uint32_t>(*index) : no_attachment;
}

attachment_fault append_with_attachments(std::string& out, const json_value& payload,
                                         std::span<const std::string> attachments,
                                         std::size_t max_size) {
  return attachment_writer(out, attachments, max_size).write(payload);
}

}  // namespace flowcast::protocol
