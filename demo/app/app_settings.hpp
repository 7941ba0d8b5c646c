#pragma once

#include <chrono>
#include <string>

namespace flowcast::demo {

/// The constants of the demo app, which `PATCH /demo/settings` changes while it runs.
struct app_settings {
  /// Sends the GUID as a JSON number, as an import mapping of type Long would, and not as a string.
  bool numeric_guid = false;
  /// The service that the save microflow publishes to.
  std::string service = "microflow";
  /// How long a microflow takes, as on a busy runtime.
  std::chrono::milliseconds microflow_delay{0};
};

}  // namespace flowcast::demo
