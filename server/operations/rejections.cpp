#include "operations/rejections.hpp"

#include "protocol/utf8.hpp"

namespace flowcast::operations {

namespace {

constexpr std::size_t longest_detail = 300;
constexpr std::size_t longest_address = 64;

constexpr std::array<std::string_view, rejection_reasons> names = {
    "connections",
    "connections_per_address",
    "header_timeout",
    "body_timeout",
    "write_timeout",
    "header_size",
    "body_size",
    "message_timeout",
    "message_size",
    "outbound_size",
    "json_depth",
    "subscriptions",
    "locks",
    "presence",
    "publish_rate",
    "packet_rate",
    "origin",
    "token",
    "permission",
    "unknown_service",
    "unknown_namespace",
    "malformed",
};
static_assert(!names.back().empty());

}  // namespace

std::string_view to_string(rejection why) {
  return names.at(static_cast<std::size_t>(why));
}

std::optional<rejection> rejection_of(const records::error& told) {
  switch (told.cause) {
    case records::error_cause::unknown_service:
      return rejection::unknown_service;
    case records::error_cause::json_too_deep:
      return rejection::json_depth;
    case records::error_cause::subscription_limit:
      return rejection::subscriptions;
    case records::error_cause::lock_limit:
      return rejection::locks;
    case records::error_cause::presence_limit:
      return rejection::presence;
    case records::error_cause::other:
      break;
  }
  switch (told.code) {
    case records::errc::not_authenticated:
      return rejection::token;
    case records::errc::forbidden:
      return rejection::permission;
    case records::errc::payload_too_large:
      return rejection::body_size;
    case records::errc::too_many_requests:
      return rejection::publish_rate;
    case records::errc::bad_request:
    case records::errc::method_not_allowed:
    case records::errc::unsupported_media_type:
    case records::errc::unprocessable:
      return rejection::malformed;
    default:
      return std::nullopt;
  }
}

void rejections::add(rejection why, std::string_view address, std::string_view detail) {
  counts_[static_cast<std::size_t>(why)].add();
  entry made;
  made.when = std::chrono::system_clock::now();
  made.why = why;
  made.address = protocol::utf8_beginning(address, longest_address);
  made.detail = protocol::utf8_beginning(detail, longest_detail);
  const std::lock_guard lock(mutex_);
  made.number = ++total_;
  latest_.push_back(std::move(made));
  if (latest_.size() > kept)
    latest_.pop_front();
}

std::vector<rejections::entry> rejections::since(std::uint64_t seen) const {
  const std::lock_guard lock(mutex_);
  std::vector<entry> found;
  for (const entry& one : latest_) {
    if (one.number > seen)
      found.push_back(one);
  }
  return found;
}

void rejections::write_metrics(metric_text& to) const {
  to.family("flowcast_rejections_total", metric_kind::counter,
            "What was turned away, by the limit or mistake that it was turned away for.");
  for (std::size_t i = 0; i < rejection_reasons; ++i)
    to.sample({{"reason", names[i]}}, counts_[i].value());
}

}  // namespace flowcast::operations
