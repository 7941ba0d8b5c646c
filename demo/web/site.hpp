#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/app_settings.hpp"
#include "runtime/xas.hpp"
#include "web/content_security_policy.hpp"
#include "web/http_server.hpp"
#include "web/server_control.hpp"
#include "web/static_files.hpp"
#include "web/task_queue.hpp"

namespace flowcast::demo {

/// What the demo app answers:
///
/// | path | what |
/// |---|---|
/// | `/`, `/dojo`, `/react`, `/side-by-side` | pages; `?csp=none\|wasm\|strict` overrules the
/// policy | | `POST /xas/` | the runtime's JSON door | | `/pages/`, `/widgets/`, `/dist/` | what
/// the stand-in for Studio Pro deployed | | `/client/`, `/mxclientsystem/` | the client, and dojo,
/// dijit, react and big.js from npm | | `/demo/settings` | GET and PATCH the app's constants | |
/// `/demo/statistics` | how often each microflow ran, and how many of its runs overlapped | |
/// `PUT /demo/server` | `{"end": "stop" | "kill", "away": ms}` restarts the Flowcast server, where
/// a supervisor runs it |
class site {
 public:
  struct directories {
    std::filesystem::path client;        ///< the client's sources
    std::filesystem::path node_modules;  ///< with dojo, dijit, react, react-dom and big.js
    std::filesystem::path deployment;    ///< with pages, widgets and dist
  };

  site(xas& runtime, task_queue& tasks, app_settings& settings, const server_control& supervisor,
       const directories& where, content_security_policy policy, std::string flowcast_url);

  void handle(const request& asked, const reply& give);

 private:
  /// Runs of one microflow: all of them, and those of one window on one object that overlapped.
  struct statistic {
    std::uint64_t runs = 0;
    std::uint64_t most_at_once = 0;
    std::map<std::string, std::uint64_t> running;
  };

  void run(const request& asked, const reply& give);
  [[nodiscard]] response change_settings(const request& asked);
  [[nodiscard]] response restart_server(const request& asked) const;
  [[nodiscard]] response show_settings(const request& asked) const;
  [[nodiscard]] response show_statistics(const request& asked) const;
  [[nodiscard]] response show_file(const request& asked) const;

  xas& runtime_;
  task_queue& tasks_;
  app_settings& settings_;
  const server_control& supervisor_;
  static_files files_;
  content_security_policy policy_;
  std::string flowcast_url_;
  std::map<std::string, statistic> statistics_;
  std::vector<std::function<void()>> held_;  ///< what answers the microflows that are held back
};

}  // namespace flowcast::demo
