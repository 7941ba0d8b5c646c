#include "http/response_writer.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <ctime>

#include "http/coarse_clock.hpp"
#include "http/digest.hpp"

namespace flowcast::http {

namespace {

struct status_line {
  unsigned status;
  std::string_view text;
};

// As Node writes them.
constexpr std::array status_lines = {
    status_line{200, "HTTP/1.1 200 OK\r\n"},
    status_line{201, "HTTP/1.1 201 Created\r\n"},
    status_line{204, "HTTP/1.1 204 No Content\r\n"},
    status_line{304, "HTTP/1.1 304 Not Modified\r\n"},
    status_line{400, "HTTP/1.1 400 Bad Request\r\n"},
    status_line{401, "HTTP/1.1 401 Unauthorized\r\n"},
    status_line{403, "HTTP/1.1 403 Forbidden\r\n"},
    status_line{404, "HTTP/1.1 404 Not Found\r\n"},
    status_line{405, "HTTP/1.1 405 Method Not Allowed\r\n"},
    status_line{406, "HTTP/1.1 406 Not Acceptable\r\n"},
    status_line{408, "HTTP/1.1 408 Request Timeout\r\n"},
    status_line{409, "HTTP/1.1 409 Conflict\r\n"},
    status_line{410, "HTTP/1.1 410 Gone\r\n"},
    status_line{413, "HTTP/1.1 413 Payload Too Large\r\n"},
    status_line{415, "HTTP/1.1 415 Unsupported Media Type\r\n"},
    status_line{422, "HTTP/1.1 422 Unprocessable Entity\r\n"},
    status_line{429, "HTTP/1.1 429 Too Many Requests\r\n"},
    status_line{431, "HTTP/1.1 431 Request Header Fields Too Large\r\n"},
    status_line{500, "HTTP/1.1 500 Internal Server Error\r\n"},
    status_line{501, "HTTP/1.1 501 Not Implemented\r\n"},
    status_line{502, "HTTP/1.1 502 Bad Gateway\r\n"},
    status_line{503, "HTTP/1.1 503 Service Unavailable\r\n"},
    status_line{505, "HTTP/1.1 505 HTTP Version Not Supported\r\n"},
    status_line{507, "HTTP/1.1 507 Insufficient Storage\r\n"},
};

void append_status(std::string& out, unsigned status) {
  for (const status_line& line : status_lines) {
    if (line.status == status) {
      out += line.text;
      return;
    }
  }
  out += "HTTP/1.1 ";
  out += std::to_string(status);
  out += " \r\n";
}

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> text = {};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  out.append(text.data(), end);
}

// As RFC 9110, 5.6.7 wants it.
void write_date(std::string& out, std::time_t when) {
  namespace chrono = std::chrono;
  constexpr std::array<const char*, 7> days_of_week = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months_of_year = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const chrono::sys_seconds now(chrono::seconds{when});
  const auto midnight = chrono::floor<chrono::days>(now);
  const chrono::year_month_day date(midnight);
  const chrono::hh_mm_ss time(now - midnight);
  std::array<char, 48> text = {};
  std::snprintf(text.data(), text.size(), "Date: %s, %02u %s %04d %02d:%02d:%02d GMT\r\n",
                days_of_week.at(chrono::weekday(midnight).c_encoding()),
                static_cast<unsigned>(date.day()),
                months_of_year.at(static_cast<unsigned>(date.month()) - 1),
                static_cast<int>(date.year()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  out = text.data();
}

}  // namespace

bool response_writer::append(std::string& out, const request& in, const response& made,
                             std::string_view cross_origin, bool ends) {
  const bool keep = in.keep_alive && !made.close && !ends;
  const bool reads = in.verb == verb::get || in.verb == verb::head;
  etag_.clear();
  if (made.etag) {
    append_etag(etag_, made.body);
  }
  const bool not_modified = made.etag && reads && made.status == 200 && client_has(in, etag_);

  out.reserve(out.size() + 320 + made.headers.size() + made.body.size());
  append_status(out, not_modified ? 304 : made.status);
  out += cross_origin;
  if (made.vary_accept) {
    out += "Vary: Accept\r\n";
  }
  if (!not_modified) {
    if (!made.content_type.text().empty()) {
      out += "Content-Type: ";
      out += made.content_type.text();
      out += "\r\n";
    }
    out += "Content-Length: ";
    append_number(out, made.body.size());
    out += "\r\n";
  }
  if (made.etag) {
    out += "ETag: ";
    out += etag_;
    out += "\r\n";
  }
  out += made.headers;
  append_date(out);
  if (!keep) {
    out += "Connection: close\r\n\r\n";
  } else if (in.http_1_0) {
    out += "Connection: keep-alive\r\n\r\n";
  } else {
    out += "\r\n";
  }
  if (!not_modified && in.verb != verb::head) {
    out += made.body;
  }
  return keep;
}

void response_writer::append_date(std::string& out) {
  const std::time_t when = coarse_wall_seconds();
  if (when != date_of_) {
    date_of_ = when;
    write_date(date_, when);
  }
  out += date_;
}

bool client_has(const request& in, std::string_view etag) {
  std::string_view rest = in.if_none_match;
  if (rest.empty() || in.cache_control.find("no-cache") != std::string::npos) {
    return false;
  }
  if (rest == "*") {
    return true;
  }
  const auto opaque = [](std::string_view tag) {
    return tag.starts_with("W/") ? tag.substr(2) : tag;
  };
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    std::string_view one = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    const std::size_t first = one.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
      continue;
    }
    one = one.substr(first, one.find_last_not_of(" \t") - first + 1);
    if (opaque(one) == opaque(etag)) {
      return true;
    }
  }
  return false;
}

}  // namespace flowcast::http
