#pragma once

#include <string>

namespace flowcast::demo {

/// The constants of the demo app, which `PATCH /demo/settings` changes while it runs.
struct app_settings {
  /// Sends the GUID as a JSON number, as an import mapping of type Long would, and not as a string.
  bool numeric_guid = false;
  /// The service that the save microflow publishes to.
  std::string service = "microflow";
  /// Holds the answers of microflows back until it is false again, as a busy runtime would.
  bool hold_microflows = false;
};

}  // namespace flowcast::demo
