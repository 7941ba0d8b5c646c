#include "http/request_parser.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

// Beast is header-only here, and seen by this file alone.
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/rfc7230.hpp>

namespace flowcast::http {

namespace beast = boost::beast;

namespace {

verb verb_of(beast::http::verb method) {
  switch (method) {
    case beast::http::verb::get:
      return verb::get;
    case beast::http::verb::head:
      return verb::head;
    case beast::http::verb::post:
      return verb::post;
    case beast::http::verb::put:
      return verb::put;
    case beast::http::verb::patch:
      return verb::patch;
    case beast::http::verb::delete_:
      return verb::remove;
    case beast::http::verb::options:
      return verb::options;
    default:
      return verb::other;
  }
}

std::string* place_of(beast::http::field name, std::string_view text, request& in) {
  using beast::http::field;
  switch (name) {
    case field::accept:
      return &in.accept;
    case field::access_control_request_headers:
      return &in.access_control_request_headers;
    case field::authorization:
      return &in.authorization;
    case field::cache_control:
      return &in.cache_control;
    case field::content_encoding:
      return &in.content_encoding;
    case field::content_type:
      return &in.content_type;
    case field::if_none_match:
      return &in.if_none_match;
    case field::origin:
      return &in.origin;
    case field::sec_websocket_key:
      return &in.websocket_key;
    case field::sec_websocket_protocol:
      return &in.websocket_protocol;
    case field::sec_websocket_version:
      return &in.websocket_version;
    case field::upgrade:
      return &in.upgrade_to;
    case field::unknown:
      if (beast::iequals(text, "Idempotency-Key")) {
        return &in.idempotency_key;
      }
      if (beast::iequals(text, "X-Service-Method")) {
        return &in.service_method;
      }
      if (beast::iequals(text, "Deliver-After")) {
        return &in.deliver_after;
      }
      if (beast::iequals(text, "X-Forwarded-For")) {
        return &in.forwarded_for;
      }
      return nullptr;
    default:
      return nullptr;
  }
}

// The text of a body becomes the record, which is given an id: with room for that, it need not
// move.
constexpr std::size_t room_for_id = 32;
// Of heads that are remembered; in bytes.
constexpr std::size_t longest_known_head = 1024;

// Beast's error for what a virtual function refuses; the failure says why.
constexpr auto refused = beast::http::error::bad_value;

}  // namespace

class request_parser::machine final : public beast::http::basic_parser<true> {
 public:
  explicit machine(request_parser& owner) : owner_(owner) {
    header_limit(static_cast<std::uint32_t>(owner.options_.max_header));
    body_limit(boost::none);  // ours depends on the path
    eager(true);
  }

  // Ready for the next request.
  void restart() {
    machine fresh(owner_);
    basic_parser::operator=(static_cast<basic_parser&&>(fresh));
    head_done_ = false;
    has_host_ = false;
  }

  [[nodiscard]] bool head_done() const { return head_done_; }

 private:
  using error_code = beast::error_code;
  using string_view = beast::string_view;

  void on_request_impl(beast::http::verb method, string_view text, string_view target, int version,
                       error_code& /*ec*/) override {
    request& in = owner_.request_;
    in.verb = verb_of(method);
    in.method.assign(text);
    in.target.assign(target);
    in.http_1_0 = version < 11;
  }

  void on_response_impl(int /*code*/, string_view /*reason*/, int /*version*/,
                        error_code& /*ec*/) override {}

  void on_field_impl(beast::http::field name, string_view text, string_view value,
                     error_code& ec) override {
    if (head_done_) {
      return;  // a trailer
    }
    request& in = owner_.request_;
    switch (name) {
      case beast::http::field::host:
        if (has_host_) {
          refuse(400, "there must be one Host header", ec);
        }
        has_host_ = true;
        in.host.assign(value);
        return;
      case beast::http::field::transfer_encoding:
        if (!beast::iequals(value, "chunked")) {
          refuse(501, "the only transfer coding known is chunked", ec);
        }
        return;
      case beast::http::field::expect:
        in.expects_continue = beast::http::token_list(value).exists("100-continue");
        if (!in.expects_continue && !in.http_1_0) {
          refuse(417, "the only expectation known is 100-continue", ec);
        }
        return;
      default:
        break;
    }
    std::string* place = place_of(name, text, in);
    if (place == nullptr) {
      return;
    }
    // A field that came before is a list that goes on (RFC 9110, 5.3).
    if (!place->empty()) {
      *place += ", ";
    }
    place->append(value.data(), value.size());
  }

  void on_header_impl(error_code& ec) override {
    head_done_ = true;
    request& in = owner_.request_;
    in.keep_alive = keep_alive();
    in.upgrade = upgrade();
    if (!in.http_1_0 && !has_host_) {
      refuse(400, "there must be a Host header", ec);
      return;
    }
    limit_ = owner_.options_.serves_engine(in.path()) ? owner_.options_.max_poll_body
                                                      : owner_.options_.max_body;
    // Before any of the body is there: who waits for an answer need not send it.
    if (const auto length = content_length(); length && *length > limit_) {
      refuse(413, "request entity too large", ec);
    }
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length,
                         error_code& /*ec*/) override {
    if (length) {
      owner_.request_.body.reserve(static_cast<std::size_t>(*length) + room_for_id);
    }
  }

  std::size_t on_body_impl(string_view piece, error_code& ec) override {
    std::string& body = owner_.request_.body;
    if (piece.size() > limit_ - body.size()) {
      refuse(413, "request entity too large", ec);
      return 0;
    }
    body.append(piece.data(), piece.size());
    return piece.size();
  }

  void on_chunk_header_impl(std::uint64_t size, string_view /*extensions*/,
                            error_code& ec) override {
    if (size > limit_ - owner_.request_.body.size()) {
      refuse(413, "request entity too large", ec);
    }
  }

  std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, string_view piece,
                                 error_code& ec) override {
    return on_body_impl(piece, ec);
  }

  void on_finish_impl(error_code& /*ec*/) override {}

  void refuse(unsigned status, std::string_view message, error_code& ec) {
    owner_.fail(status, message);
    ec = refused;
  }

  request_parser& owner_;
  std::size_t limit_ = 0;
  bool head_done_ = false;
  bool has_host_ = false;
};

request_parser::request_parser(const http_options& options)
    : options_(options), machine_(std::make_unique<machine>(*this)) {}

request_parser::~request_parser() = default;

std::size_t request_parser::feed(std::string_view bytes) {
  if (state_ == state::complete || state_ == state::failed || bytes.empty()) {
    return 0;
  }
  const bool whole = !begun_;
  if (!begun_) {
    begun_ = true;
    if (const std::size_t taken = take_repeated(bytes); taken != 0) {
      return taken;
    }
    start_over();
  }
  beast::error_code ec;
  const std::size_t taken = machine_->put({bytes.data(), bytes.size()}, ec);
  if (state_ == state::failed) {
    return taken;
  }
  if (ec && ec != beast::http::error::need_more) {
    if (ec == beast::http::error::header_limit) {
      fail(431, "the head of the request is too large");
    } else {
      fail(400, "this is not a valid HTTP/1.1 request");
    }
    return taken;
  }
  if (machine_->is_done()) {
    state_ = state::complete;
    if (whole) {
      remember(bytes.substr(0, taken));
    }
    return taken;
  }
  if (machine_->head_done()) {
    state_ = state::body;
    if (bytes.size() - taken > options_.max_header) {
      fail(400, "a chunk's head is too large");
    }
    return taken;
  }
  // Beast applies its limit to what it is given at once, and takes a head field by field.
  head_bytes_ += taken;
  if (head_bytes_ + (bytes.size() - taken) > options_.max_header) {
    fail(431, "the head of the request is too large");
  }
  return taken;
}

std::size_t request_parser::take_repeated(std::string_view bytes) {
  if (known_head_.empty() || bytes.size() < known_head_.size() + known_body_size_ ||
      !bytes.starts_with(known_head_)) {
    return 0;
  }
  request_.body.reserve(known_body_size_ + room_for_id);
  request_.body.assign(bytes, known_head_.size(), known_body_size_);
  state_ = state::complete;
  return known_head_.size() + known_body_size_;
}

void request_parser::remember(std::string_view whole) {
  const bool publishes =
      request_.verb == verb::post || request_.verb == verb::put || request_.verb == verb::patch;
  const std::size_t head = whole.size() - std::min(request_.body.size(), whole.size());
  // An idempotency key is another one each time, and is taken away with the call.
  if (publishes && head <= longest_known_head && !machine_->chunked() &&
      !request_.expects_continue && request_.idempotency_key.empty() &&
      !options_.serves_engine(request_.path())) {
    known_head_.assign(whole, 0, head);
    known_body_size_ = request_.body.size();
  }
}

void request_parser::start_over() {
  if (!known_head_.empty()) {
    known_head_.clear();
    request_.clear();
    machine_->restart();
  }
}

void request_parser::next() {
  if (known_head_.empty()) {
    request_.clear();
    machine_->restart();
  } else {
    request_.clear_body();
  }
  head_bytes_ = 0;
  begun_ = false;
  state_ = state::head;
}

void request_parser::fail(unsigned status, std::string_view message) {
  state_ = state::failed;
  failure_ = {status, message};
}

}  // namespace flowcast::http
