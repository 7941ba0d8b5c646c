// Our protocol code behind the handlers that the public Engine.IO and Socket.IO suites expect: an
// echo at /engine.io/, and protocol_application at /socket.io/ and in its namespace /custom.

#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string_view>
#include <vector>

#include <boost/asio/signal_set.hpp>

#include "engine_echo.hpp"
#include "http/door.hpp"
#include "http/listen.hpp"
#include "hub/hub.hpp"
#include "operations/process.hpp"
#include "protocol_application.hpp"
#include "realtime/engine_server.hpp"
#include "stores/memory_store.hpp"

namespace flowcast::conformance {
namespace {

constexpr std::string_view echo_path = "/engine.io/";
constexpr std::string_view socket_path = "/socket.io/";

realtime::engine_options make_options() {
  using namespace std::chrono_literals;
  realtime::engine_options options;
  options.ping_interval = 300ms;
  options.ping_timeout = 200ms;
  options.connect_timeout = 1000ms;
  options.max_payload = 1'000'000;
  return options;
}

// An Engine.IO server for each of the two paths.
class two_engines final : public realtime::endpoint {
 public:
  two_engines(hub::shard& shard, operations::rejections& refused)
      : echo_(
            shard, make_options(),
            [](realtime::engine_session& session, const realtime::engine_request&) {
              return std::make_unique<engine_echo>(session);
            },
            refused),
        socket_(
            shard, make_options(),
            [this](realtime::engine_session& session, const realtime::engine_request& request) {
              return std::make_unique<realtime::socket_session>(session, applications_,
                                                                request.address);
            },
            refused) {
    echo_.know(echo_all_);
    socket_.know(socket_all_);
  }

  std::unique_ptr<realtime::pending_poll> serve(realtime::engine_request request,
                                                realtime::respond done) override {
    return of(request).serve(std::move(request), std::move(done));
  }
  std::optional<realtime::engine_response> refuse_websocket(
      const realtime::engine_request& request) override {
    return of(request).refuse_websocket(request);
  }
  void adopt_websocket(realtime::stream socket, realtime::engine_request request,
                       std::string received) override {
    of(request).adopt_websocket(std::move(socket), std::move(request), std::move(received));
  }

 private:
  realtime::engine_server& of(const realtime::engine_request& request) {
    return request.path.starts_with(echo_path) ? echo_ : socket_;
  }

  realtime::make_application applications_ =
      [](realtime::socket_connection& connection) -> std::unique_ptr<realtime::socket_application> {
    if (connection.name_space() != "/" && connection.name_space() != "/custom")
      return nullptr;
    return std::make_unique<protocol_application>(connection);
  };
  realtime::engine_server echo_;
  realtime::engine_server socket_;
  std::vector<realtime::engine_server*> echo_all_{&echo_};
  std::vector<realtime::engine_server*> socket_all_{&socket_};
};

int run(std::uint16_t port) {
  operations::prepare_process();
  operations::log log(operations::severity::warning, operations::log_format::text,
                      operations::standard_error);
  std::vector<std::unique_ptr<hub::shard>> shards;
  shards.push_back(std::make_unique<hub::shard>(0));
  hub::shard& shard = *shards.front();
  // Not spoken of by the suites, but a door has something behind it.
  std::vector<services::service_options> offered(1);
  offered.front().definition.name = "microflow";
  hub::hub events(shards, {hub::channel{"microflow"}});
  stores::memory_store store({.services = services::definitions(offered)});
  const services::service_registry services(offered, store);
  const http::cross_origin origins({});
  const http::landing_page landing(services);
  http::http_options options;
  options.engine_paths = {std::string(echo_path), std::string(socket_path)};
  http::entry_limits limits(options);
  const auth::authenticator auth{{}};
  operations::rejections refused;
  const operations::metrics counted;
  const http::site site{services, store,  events, origins, landing,
                        log,      limits, auth,   refused, counted};
  two_engines engines(shard, refused);
  http::door door(shard, options, site, engines);

  http::listen_address address{"127.0.0.1", port};
  boost::asio::io_context* const context = &shard.context();
  for (http::acceptor& each : http::listen_on(address, {&context, 1}))
    door.listen(std::move(each));
  boost::asio::signal_set stop(shard.context(), SIGINT, SIGTERM);
  stop.async_wait([&shard](const boost::system::error_code&, int) { shard.context().stop(); });
  std::cout << "listening on http://127.0.0.1:" << address.port << std::endl;
  shard.context().run();
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace flowcast::conformance

int main(int argc, char** argv) {
  std::uint16_t port = 0;
  const std::string_view value = argc == 3 ? argv[2] : "";
  const auto read = std::from_chars(value.data(), value.data() + value.size(), port);
  if (argc != 3 || std::string_view(argv[1]) != "--port" || read.ec != std::errc() ||
      read.ptr != value.data() + value.size()) {
    std::cerr << "usage: conformance-server --port N\n";
    return 2;
  }
  try {
    return flowcast::conformance::run(port);
  } catch (const std::exception& failed) {
    std::cerr << "conformance-server: " << failed.what() << "\n";
    return EXIT_FAILURE;
  }
}
