#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace flowcast::stores {

// Where a NATS store is: "URL[,URL…][?stream=NAME&view=PATH&replicas=N]".
struct nats_address {
  std::string urls;  // comma-separated, each as nats://[user:password@]host[:port] or tls://…
  std::string stream = "FLOWCAST";
  std::filesystem::path view =
      "flowcast-view.sqlite";  // this node's; made anew whenever it is missing
  int replicas = 0;            // 0: three where the cluster has so many, else one

  // Throws std::runtime_error for what is none.
  [[nodiscard]] static nats_address parse(std::string_view text);
};

}  // namespace flowcast::stores
