#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

// The one table of errors: what went wrong, as Feathers' clients know it, and what the client
// should do about it.
namespace flowcast::records {

enum class errc : std::uint8_t {
  bad_request,
  not_authenticated,
  forbidden,
  not_found,
  method_not_allowed,
  not_acceptable,
  timeout,
  conflict,
  gone,
  offset_gone,
  payload_too_large,
  unsupported_media_type,
  unprocessable,
  too_many_requests,
  general_error,
  not_implemented,
  bad_gateway,
  unavailable,
  insufficient_storage,
};

// What one errc means. Names, codes and class names are those of @feathersjs/errors; HTTP has codes
// that Feathers has no name for (413, 415, 507), which are named in the same manner.
struct error_class {
  errc code;
  std::uint16_t http_status;
  std::string_view name;        // "BadRequest"
  std::string_view class_name;  // "bad-request"
  bool retry;                   // the same call may succeed later
  std::string_view advice;      // what the client should do
};

[[nodiscard]] const error_class& describe(errc code);

// What an error's code does not tell: which limit was passed, or what was meant.
enum class error_cause : std::uint8_t {
  other,
  unknown_service,
  json_too_deep,
  subscription_limit,
  lock_limit,
  presence_limit
};

struct error {
  errc code = errc::general_error;
  std::string message;                  // for people; says what to do where that is not plain
  std::string data;                     // JSON text of Feathers' `data`, or empty
  std::chrono::seconds retry_after{0};  // 0: not said
  error_cause cause = error_cause::other;
};

// Feathers' form: {"name":…,"message":…,"code":…,"className":…[,"data":…]}.
[[nodiscard]] std::string to_json(const error& what);

// For result::value() alone, which our own code calls at start-up and in tests.
[[noreturn]] void throw_exception_from_error(const error& what,
                                             const boost::source_location& where);

template <class T>
using result = boost::system::result<T, error>;

}  // namespace flowcast::records
