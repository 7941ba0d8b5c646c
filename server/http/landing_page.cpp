#include "http/landing_page.hpp"

#include <algorithm>

#include "http/html.hpp"
#include "http/pages.hpp"

namespace flowcast::http {

namespace {

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 255 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == ':' || c == '-' || c == '_' || c == '[' || c == ']';
  });
}

void append_service(std::string& out, const services::service_options& options) {
  std::string name;
  append_html(name, options.definition.name);
  std::string key;
  append_html(key, options.definition.key_field);
  out += "<tr><td><a href=\"/" + name + "\">/" + name + "</a></td><td><code>" + key +
         "</code></td><td>" +
         (options.deliver == services::delivery::keyed
              ? "clients that subscribe to the key"
              : "clients that subscribe to the key, and those that subscribe to no key") +
         "</td></tr>\n";
}

}  // namespace

landing_page::landing_page(const services::service_registry& all) {
  std::string rows;
  for (const auto& one : all.all())
    append_service(rows, one->options());
  std::string name;
  append_html(name, all.at(0).name());
  std::string key;
  append_html(key, all.at(0).options().definition.key_field);
  page_ = fill_in(std::string(pages::landing), "services", rows);
  page_ = fill_in(std::move(page_), "service", name);
  page_ = fill_in(std::move(page_), "key", key);
  page_ = fill_in(std::move(page_), "version", FLOWCAST_VERSION);
}

response landing_page::answer_to(const request& in, bool secure) const {
  response made;
  made.content_type = html_type;
  const std::string host = is_host(in.host) ? in.host : "localhost:3030";
  made.body = fill_in(page_, "server", (secure ? "https://" : "http://") + host);
  made.etag = true;
  made.headers =
      "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
      "frame-ancestors 'none'\r\n"
      "X-Content-Type-Options: nosniff\r\n";
  return made;
}

}  // namespace flowcast::http
