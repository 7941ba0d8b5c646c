#include "web/site.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "web/log.hpp"

namespace flowcast::demo {
namespace {

namespace http = boost::beast::http;
using nlohmann::json;

struct target {
  std::string_view path;
  std::string_view query;
};

target split(std::string_view whole) {
  const auto question = whole.find('?');
  return {whole.substr(0, question),
          question == std::string_view::npos ? "" : whole.substr(question + 1)};
}

/// The value of a query parameter that needs no decoding, such as a policy's name.
std::string_view parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto item = query.substr(0, end);
    if (item.starts_with(name) && item.substr(name.size()).starts_with('=')) {
      return item.substr(name.size() + 1);
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return {};
}

response answer(const request& asked, http::status status, std::string body,
                std::string_view content_type) {
  response made{status, asked.version()};
  made.set(http::field::content_type, content_type);
  // The pages of an app under development change all the time.
  made.set(http::field::cache_control, "no-cache");
  if (asked.method() != http::verb::head) {
    made.body() = std::move(body);
  }
  return made;
}

response answer(const request& asked, http::status status, const json& body) {
  return answer(asked, status, body.dump(-1, ' ', false, json::error_handler_t::replace),
                "application/json");
}

/// The page's file that a path of the app stands for.
std::string_view page_of(std::string_view path) {
  if (path == "/") {
    return "/client/home.html";
  }
  if (path == "/dojo" || path.starts_with("/dojo/")) {
    return "/client/dojo.html";
  }
  if (path == "/react" || path.starts_with("/react/")) {
    return "/client/react.html";
  }
  if (path == "/side-by-side") {
    return "/client/side_by_side.html";
  }
  return path;
}

/// Which runs of a microflow must not overlap: those that one window started for one object.
std::string overlap_key(std::string_view body) {
  const auto parsed = json::parse(body, nullptr, false);
  if (!parsed.is_object()) {
    return {};
  }
  const auto params = parsed.value("params", json::object());
  return parsed.value("window", json()).dump() +
         (params.is_object() ? params.value("guids", json()).dump() : "");
}

}  // namespace

site::site(xas& runtime, task_queue& tasks, app_settings& settings,
           const server_control& supervisor, const directories& where,
           content_security_policy policy, std::string flowcast_url)
    : runtime_(runtime),
      tasks_(tasks),
      settings_(settings),
      supervisor_(supervisor),
      policy_(policy),
      flowcast_url_(std::move(flowcast_url)) {
  files_.mount("/client/", where.client);
  for (const char* const package : {"dojo", "dijit", "react", "react-dom", "big.js"}) {
    files_.mount(std::string("/mxclientsystem/") + package + "/", where.node_modules / package);
  }
  for (const char* const folder : {"pages", "widgets", "dist"}) {
    files_.mount(std::string("/") + folder + "/", where.deployment / folder);
  }
}

void site::handle(const request& asked, const reply& give) {
  const auto where = split({asked.target().data(), asked.target().size()});
  const bool reads = asked.method() == http::verb::get || asked.method() == http::verb::head;
  if (where.path == "/xas/" && asked.method() == http::verb::post) {
    run(asked, give);
  } else if (where.path == "/demo/settings" && asked.method() == http::verb::patch) {
    give(change_settings(asked));
  } else if (where.path == "/demo/settings" && reads) {
    give(show_settings(asked));
  } else if (where.path == "/demo/server" && asked.method() == http::verb::put) {
    give(restart_server(asked));
  } else if (where.path == "/demo/statistics" && reads) {
    give(show_statistics(asked));
  } else if (reads) {
    give(show_file(asked));
  } else {
    give(answer(asked, http::status::method_not_allowed, {{"message", "Not to be had here"}}));
  }
}

void site::run(const request& asked, const reply& give) {
  auto done = runtime_.handle(asked.body());
  for (auto& call : done.calls) {
    tasks_.submit(std::move(call));
  }
  // 560 is how a Mendix runtime says that an action failed.
  constexpr unsigned action_failed = 560;
  auto said = answer(asked, http::status::ok, done.body);
  if (done.failed) {
    said.result(action_failed);
    log("xas: " + done.body.value("description", ""));
  }
  if (done.microflow.empty()) {
    give(std::move(said));
    return;
  }
  auto& counted = statistics_[done.microflow];
  const auto key = overlap_key(asked.body());
  ++counted.runs;
  counted.most_at_once = std::max(counted.most_at_once, ++counted.running[key]);
  log("ran " + done.microflow);
  auto finish = [give, key, &counted, said = std::move(said)] {
    const auto running = counted.running.find(key);
    if (--running->second == 0) {
      counted.running.erase(running);
    }
    give(said);
  };
  if (settings_.hold_microflows) {
    held_.emplace_back(std::move(finish));
  } else {
    finish();
  }
}

response site::change_settings(const request& asked) {
  const auto wanted = json::parse(asked.body(), nullptr, false);
  const auto refuse = [&](const char* why) {
    return answer(asked, http::status::bad_request, {{"message", why}});
  };
  if (!wanted.is_object()) {
    return refuse("The settings must be a JSON object");
  }
  app_settings changed = settings_;
  for (const auto& [name, value] : wanted.items()) {
    if (name == "numericGuid" && value.is_boolean()) {
      changed.numeric_guid = value.get<bool>();
    } else if (name == "service" && value.is_string()) {
      changed.service = value.get<std::string>();
    } else if (name == "holdMicroflows" && value.is_boolean()) {
      changed.hold_microflows = value.get<bool>();
    } else {
      return refuse(
          "Known settings: numericGuid (true or false), service (text), holdMicroflows (true or "
          "false)");
    }
  }
  settings_ = changed;
  if (!settings_.hold_microflows) {
    for (const auto& release : std::exchange(held_, {})) {
      release();
    }
  }
  return show_settings(asked);
}

response site::restart_server(const request& asked) const {
  const auto refuse = [&](http::status status, const char* why) {
    return answer(asked, status, {{"message", why}});
  };
  // A page of another site cannot send a PUT here without asking first, which is refused; one whose
  // name was pointed to this machine says another host.
  const auto host = asked[http::field::host];
  if (!is_loopback_host({host.data(), host.size()})) {
    return refuse(http::status::forbidden, "The server is restarted from this machine alone");
  }
  const auto wanted = json::parse(asked.body(), nullptr, false);
  const auto how = wanted.is_object() && wanted.contains("end") && wanted["end"].is_string()
                       ? parse_way(wanted["end"].get_ref<const std::string&>())
                       : std::nullopt;
  constexpr std::uint64_t longest_away = 60'000;
  const auto away =
      wanted.is_object() && wanted.contains("away") ? wanted["away"] : json(std::uint64_t{0});
  if (!how || !away.is_number_unsigned() || away > longest_away) {
    return refuse(http::status::bad_request,
                  R"(Known: {"end": "stop" or "kill", "away": milliseconds, up to 60000})");
  }
  if (!supervisor_.restart(*how, std::chrono::milliseconds(away.get<std::uint64_t>()))) {
    return refuse(http::status::service_unavailable,
                  "demo/run does not run the server, so nobody could start it again");
  }
  log("a page asked for a restart of the server: " + asked.body());
  return answer(asked, http::status::accepted, json::object());
}

response site::show_settings(const request& asked) const {
  return answer(asked, http::status::ok,
                {{"numericGuid", settings_.numeric_guid},
                 {"service", settings_.service},
                 {"holdMicroflows", settings_.hold_microflows},
                 {"canRestartServer", supervisor_.is_there()},
                 {"flowcastUrl", flowcast_url_}});
}

response site::show_statistics(const request& asked) const {
  auto shown = json::object();
  for (const auto& [name, counted] : statistics_) {
    shown[name] = {{"runs", counted.runs}, {"mostAtOnce", counted.most_at_once}};
  }
  return answer(asked, http::status::ok, shown);
}

response site::show_file(const request& asked) const {
  const auto where = split({asked.target().data(), asked.target().size()});
  auto found = files_.read(page_of(where.path));
  if (!found) {
    return answer(asked, http::status::not_found,
                  {{"message", "There is nothing at " + std::string(where.path)}});
  }
  auto shown = answer(asked, http::status::ok, std::move(found->content), found->content_type);
  const auto policy = parse_policy(parameter(where.query, "csp")).value_or(policy_);
  if (const auto header = to_header(policy, flowcast_url_); !header.empty()) {
    shown.set("Content-Security-Policy", header);
  }
  return shown;
}

}  // namespace flowcast::demo
