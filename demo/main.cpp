// The demo app: a program that plays a Mendix runtime, so that Flowcast can be tried and tested
// without one. demo/README.md says what it plays, and how true.

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/signal_set.hpp>

#include "app/app_settings.hpp"
#include "app/chat.hpp"
#include "app/live.hpp"
#include "app/orders.hpp"
#include "app/planning.hpp"
#include "runtime/database.hpp"
#include "runtime/xas.hpp"
#include "web/content_security_policy.hpp"
#include "web/http_server.hpp"
#include "web/log.hpp"
#include "web/server_control.hpp"
#include "web/site.hpp"
#include "web/task_queue.hpp"
#include "web/ticker.hpp"

namespace {

namespace asio = boost::asio;
namespace demo = flowcast::demo;

struct flags {
  std::string host = "127.0.0.1";
  unsigned short port = 8080;
  std::string flowcast = "http://127.0.0.1:3030";
  std::string flowcast_for_pages = "http://localhost:3030";
  std::string policy = "none";
  bool numeric_guid = false;
  std::string supervisor;
  demo::site::directories where{"demo/client", "demo/node_modules", "build/deployment"};
};

void serve(const flags& given) {
  asio::io_context context(1);
  demo::app_settings settings;
  settings.numeric_guid = given.numeric_guid;
  demo::database data;
  demo::xas runtime(data, {{"Orders.FlowcastUrl", given.flowcast_for_pages}});
  demo::add_orders(data, runtime, settings);
  demo::add_chat(data, runtime, settings);
  demo::add_planning(data, runtime, settings);
  demo::live machines(data, runtime, settings);

  demo::task_queue tasks(context, given.flowcast);
  demo::ticker generator(context, [&] {
    for (auto& call : machines.tick(demo::live::clock::now(), tasks.waiting())) {
      tasks.submit(std::move(call));
    }
  });
  const demo::server_control supervisor(given.supervisor);
  demo::site app(runtime, tasks, settings, supervisor, given.where,
                 *demo::parse_policy(given.policy), given.flowcast_for_pages);
  demo::http_server server(
      context, {asio::ip::make_address(given.host), given.port},
      [&app](const demo::request& asked, const demo::reply& give) { app.handle(asked, give); });

  asio::signal_set stop(context, SIGINT, SIGTERM);
  stop.async_wait([&](boost::system::error_code, int) {
    server.stop();
    generator.stop();
    tasks.stop();
    context.stop();
  });
  demo::log("listening on http://" + given.host + ":" + std::to_string(server.port()));
  context.run();
}

}  // namespace

int main(int argc, char** argv) {
  flags given;
  CLI::App command("The Flowcast demo app: plays a Mendix runtime");
  command.add_option("--host", given.host, "Address to listen on")->capture_default_str();
  command.add_option("--port", given.port, "Port to listen on; 0 takes a free one")
      ->capture_default_str();
  command.add_option("--flowcast", given.flowcast, "Where microflows reach the Flowcast server")
      ->capture_default_str();
  command
      .add_option("--flowcast-for-pages", given.flowcast_for_pages,
                  "Where browsers reach the Flowcast server")
      ->capture_default_str();
  command.add_option("--csp", given.policy, "Content-Security-Policy of the pages")
      ->check(CLI::IsMember({"none", "wasm", "strict"}))
      ->capture_default_str();
  command.add_flag("--numeric-guid", given.numeric_guid, "Publish GUIDs as JSON numbers");
  command.add_option("--supervisor", given.supervisor,
                     "Pipe of the demo/supervise that runs the Flowcast server, for pages that ask "
                     "for its restart");
  command.add_option("--client", given.where.client, "The client's files")->capture_default_str();
  command.add_option("--node-modules", given.where.node_modules, "The client's npm packages")
      ->capture_default_str();
  command.add_option("--deployment", given.where.deployment, "Deployed pages and widgets")
      ->capture_default_str();
  CLI11_PARSE(command, argc, argv);
  try {
    serve(given);
  } catch (const std::exception& error) {
    std::cerr << "flowcast-demo: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
