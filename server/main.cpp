// The composition root: settings -> store -> services -> hub -> realtime -> http, run, drain.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "auth/authenticator.hpp"
#include "console.hpp"
#include "http/door.hpp"
#include "http/door_metrics.hpp"
#include "http/key_set_watch.hpp"
#include "http/listen.hpp"
#include "hub/hub.hpp"
#include "hub/shard.hpp"
#include "operations/log.hpp"
#include "operations/measured_store.hpp"
#include "operations/metrics.hpp"
#include "operations/process.hpp"
#include "operations/process_metrics.hpp"
#include "operations/rejections.hpp"
#include "operations/spare_memory.hpp"
#include "operations/stop_limit.hpp"
#include "realtime/realtime.hpp"
#include "services/lock_service.hpp"
#include "services/presence_service.hpp"
#include "services/service_registry.hpp"
#include "settings/load.hpp"
#include "signal_source.hpp"
#include "stores/store_factory.hpp"
#include "stores/without_passwords.hpp"

namespace flowcast {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// After the drain time: for answers on their way, before what is left is cut off.
constexpr auto grace = std::chrono::milliseconds(5'000);
// For each of both where the system does not wait for longer.
constexpr auto haste = std::chrono::milliseconds(1'500);
// After that: for finishing writes and closing the store, before the process ends whatever waits.
constexpr auto longest_stop = std::chrono::seconds(15);

std::vector<std::unique_ptr<hub::shard>> make_shards(unsigned count) {
  std::vector<std::unique_ptr<hub::shard>> shards;
  for (unsigned index = 0; index < count; ++index)
    shards.push_back(std::make_unique<hub::shard>(index));
  return shards;
}

std::vector<hub::channel> make_channels(const services::service_registry& services) {
  std::vector<hub::channel> channels;
  channels.reserve(services.all().size());
  for (const auto& one : services.all())
    channels.push_back({one->name(), one->options().deliver == services::delivery::broadcast});
  return channels;
}

std::vector<std::string> names_of(const std::vector<stores::service_definition>& services) {
  std::vector<std::string> names;
  names.reserve(services.size());
  for (const stores::service_definition& one : services)
    names.push_back(one.name);
  return names;
}

stores::store_options make_store_options(const settings::settings& with) {
  stores::store_options options;
  options.services = services::definitions(with.services);
  if (with.locks.on)
    options.services.push_back(services::lock_service::definition());
  return options;
}

stores::wall_clock wall_clock() {
  return [] { return std::chrono::system_clock::now(); };
}

// Who is told what no log keeps.
class hub_announcer final : public services::announcer {
 public:
  explicit hub_announcer(hub::hub& events) : events_(&events) {}

  void announce(services::service_index service, const std::string& key,
                std::string json) override {
    events_->announce({service,
                       records::event_type::patched,
                       {records::record_id::from_text(key), key, std::move(json)},
                       {}});
  }

 private:
  hub::hub* events_;
};

// In the words of nodes to each other, where it need be another at each start.
std::string node_name() {
  std::random_device random;
  std::array<char, 17> name = {};
  std::snprintf(name.data(), name.size(), "%08x%08x", random(), random());
  return name.data();
}

// Everything that runs. Members are made in this order, and taken down in the opposite one.
class server {
 public:
  // Throws std::runtime_error, with what to do, where something cannot be had.
  server(settings::settings with, operations::log& log)
      : settings_(std::move(with)),
        log_(log),
        limits_(settings_.http),
        auth_(settings_.auth),
        shards_(make_shards(settings_.threads)),
        store_(stores::open_store(settings_.store, make_store_options(settings_)),
               names_of(make_store_options(settings_).services)),
        services_(settings_.services, store_, built_in_services()),
        hub_(shards_, make_channels(services_)),
        realtime_({shards_, hub_, services_, store_, log_, auth_, limits_.rate, refused_},
                  settings_.engine, settings_.subscriptions),
        origins_(settings_.http.allowed_origins),
        landing_(services_),
        site_{services_, store_,  hub_,  origins_, landing_,
              log_,      limits_, auth_, refused_, metrics_},
        door_metrics_(doors_, realtime_),
        process_metrics_(FLOWCAST_VERSION, log_) {
    for (const operations::metric_source* part : std::initializer_list<operations::metric_source*>{
             &door_metrics_, &realtime_, &hub_, &store_, &refused_, &process_metrics_})
      metrics_.add(*part);
    if (!settings_.tls.certificate.empty()) {
      tls_.emplace(settings_.tls);
    }
    for (const auto& shard : shards_) {
      doors_.push_back(
          std::make_unique<http::door>(*shard, settings_.http, site_, realtime_.of(*shard)));
    }
    listen();
  }

  void start() {
    watch_key_sets(settings_.auth);
    if (locks_ != nullptr) {
      store_.start(lease_watch_.emplace(*locks_, hub_));
      locks_->start();
    } else {
      store_.start(hub_);
    }
    hub_.start_at(store_.head());
    if (presence_ != nullptr)
      presence_->start(announcer_);
    for (const auto& shard : shards_)
      shard->start();
  }

  [[nodiscard]] const settings::settings& with() const { return settings_; }
  [[nodiscard]] operations::log& log() const { return log_; }
  // For people: how it is known who somebody is.
  [[nodiscard]] std::string known_by() const {
    std::string by = auth_.algorithms();
    for (const std::string& url : settings_.auth.key_set_urls) {
      by.append(by.empty() ? "" : ", ").append(url);
    }
    if (!settings_.auth.static_keys.empty()) {
      by.append(by.empty() ? "" : ", ");
      by.append(std::to_string(settings_.auth.static_keys.size())).append(" publisher's keys");
    }
    return by;
  }

  // What can be changed without a stop: the certificate, keys, and who has been revoked. `with`:
  // the settings as they are now, or nothing where they cannot be used.
  void reload(const std::optional<settings::settings>& with) {
    if (tls_) {
      told("the certificate", tls_->reload());
    }
    if (with && auth_.on()) {
      told("keys and revocations", auth_.reload(with->auth));
      realtime_.check_tokens();
      watch_key_sets(with->auth);
    }
  }

  // Says in the log when the store stops or begins to work, and why.
  void watch_store() {
    const stores::store_condition now = store_.condition();
    if (now.ready != store_ready_) {
      store_ready_ = now.ready;
      if (now.ready) {
        log_.info("the store works again");
      } else {
        log_.error("the store does not work", {{"reason", now.reason}});
      }
    }
  }

  // Accepts no more and sends clients away; finished() turns true when all have left.
  void drain(std::chrono::milliseconds spread) {
    realtime_.drain(spread, [this] { sessions_left_ = true; });
    for (std::size_t index = 0; index < doors_.size(); ++index) {
      shards_[index]->post([door = doors_[index].get()] { door->drain(); });
    }
  }

  [[nodiscard]] bool finished() const {
    return sessions_left_ && std::all_of(doors_.begin(), doors_.end(),
                                         [](const auto& door) { return door->connections() == 0; });
  }

  // What the store has accepted is finished before it returns.
  void stop() {
    if (locks_ != nullptr)
      locks_->stop();
    if (presence_ != nullptr)
      presence_->stop();
    store_.stop();
    for (const auto& shard : shards_)
      shard->stop();
  }

 private:
  std::vector<std::unique_ptr<services::service>> built_in_services() {
    std::vector<std::unique_ptr<services::service>> made;
    auto next = static_cast<services::service_index>(settings_.services.size());
    if (settings_.locks.on) {
      auto locks =
          std::make_unique<services::lock_service>(next++, settings_.locks, store_, wall_clock());
      locks_ = locks.get();
      made.push_back(std::move(locks));
    }
    if (settings_.presence.on) {
      auto presence = std::make_unique<services::presence_service>(
          next++, settings_.presence, node_name(),
          store_.open_peers(std::string(services::presence_service_name)), wall_clock());
      presence_ = presence.get();
      made.push_back(std::move(presence));
    }
    return made;
  }

  void watch_key_sets(const auth::auth_options& with) {
    key_sets_.emplace(auth_, log_, with.key_set_urls, with.key_set_refresh,
                      [this] { realtime_.check_tokens(); });
  }

  void told(std::string_view what, const std::string& failed) {
    if (failed.empty()) {
      log_.info("reloaded", {{"what", what}});
    } else {
      log_.error("could not reload: all stays as it was", {{"what", what}, {"reason", failed}});
    }
  }

  void listen() {
    std::vector<asio::io_context*> contexts;
    for (const auto& shard : shards_)
      contexts.push_back(&shard->context());
    const auto listen_on = [&](http::listen_address& address, http::observer_way to_observe) {
      std::vector<http::acceptor> acceptors = http::listen_on(address, contexts);
      for (std::size_t index = 0; index < doors_.size(); ++index) {
        doors_[index]->listen(std::move(acceptors[index]), address.secure ? &*tls_ : nullptr,
                              to_observe);
      }
    };
    for (http::listen_address& address : settings_.listen)
      listen_on(address, http::observer_way::none);
    if (auto& apart = settings_.metrics_listen) {
      listen_on(*apart, settings::is_loopback(*apart) ? http::observer_way::this_machine
                                                      : http::observer_way::anybody);
    }
  }

  settings::settings settings_;
  operations::log& log_;
  http::entry_limits limits_;
  auth::authenticator auth_;
  operations::rejections refused_;
  operations::metrics metrics_;
  std::vector<std::unique_ptr<hub::shard>> shards_;
  operations::measured_store store_;
  services::lock_service* locks_ = nullptr;  // among the services, where they are on
  services::presence_service* presence_ = nullptr;
  services::service_registry services_;
  hub::hub hub_;
  hub_announcer announcer_{hub_};
  std::optional<services::lease_watch> lease_watch_;
  realtime::realtime realtime_;
  http::cross_origin origins_;
  http::landing_page landing_;
  http::site site_;
  std::optional<http::tls_context> tls_;
  std::vector<std::unique_ptr<http::door>> doors_;
  std::optional<http::key_set_watch> key_sets_;
  http::door_metrics door_metrics_;
  operations::process_metrics process_metrics_;
  std::atomic<bool> sessions_left_ = false;
  bool store_ready_ = true;  // as last said in the log
};

// What is served, where, how safe that is, and what to do next. Tools read the lines that begin
// with "listening on".
std::string greeting(const settings::settings& with, const std::string& known_by) {
  std::ostringstream said;
  said << "Flowcast " FLOWCAST_VERSION ": real-time for Mendix apps\n";
  for (const http::listen_address& address : with.listen)
    said << "listening on " << settings::to_url(address) << "\n";
  if (with.metrics_listen)
    said << "metrics on " << settings::to_url(*with.metrics_listen) << "/metrics\n";
  said << "services:";
  for (const services::service_options& one : with.services)
    said << ' ' << one.definition.name;
  if (with.locks.on)
    said << ' ' << services::lock_service_name;
  if (with.presence.on)
    said << ' ' << services::presence_service_name;
  said << "\nstore: " << stores::without_passwords(with.store) << "\n";
  if (with.auth.on()) {
    said << "safe: tokens and keys are asked for (" << known_by << ")\n";
  } else if (with.allow_anonymous) {
    said << "open: everyone who reaches it may publish and listen (--allow-anonymous)\n";
  } else {
    said << "open to this machine alone: every program on it may publish and listen\n";
  }
  const stores::service_definition& first = with.services.front().definition;
  const std::string url = settings::to_url(with.listen.front());
  // As every shell takes it, Windows' too.
  said << "try it: " << console::curl << ' ' << url << '/' << first.name << " -d "
       << first.key_field << "=12345678901234567"
       << (with.auth.on() ? " -H \"Authorization: Bearer KEY\"" : "") << "\n"
       << "or open " << url << "/ in a browser\n";
  return std::move(said).str();
}

// Where the log is for programs, so is this.
void greet(const settings::settings& with, const std::string& known_by, operations::log& log) {
  const std::string said = greeting(with, known_by);
  if (with.log_format == operations::log_format::text) {
    std::cout << said << std::flush;
    return;
  }
  std::istringstream lines(said);
  for (std::string line; std::getline(lines, line);)
    log.info(line);
}

// Waits for signals on the main thread, which does little else.
class signals {
 public:
  // `read_settings`: anew, for a reload.
  signals(server& runs, std::function<std::optional<settings::settings>()> read_settings)
      : server_(runs), read_settings_(std::move(read_settings)) {}

  // Until the server has drained, or was asked to stop a second time.
  void run() {
    look_around();
    context_.run();
  }

 private:
  void hear(signal what) {
    if (what == signal::reload) {
      server_.reload(read_settings_());
    } else if (draining_) {
      context_.stop();
    } else {
      drain(what == signal::stop_hastily);
    }
  }

  void look_around() {
    spare_memory_.look();
    server_.watch_store();
    look_timer_.expires_after(std::chrono::seconds(5));
    look_timer_.async_wait([this](const error_code& failed) {
      if (!failed) {
        look_around();
      }
    });
  }

  void drain(bool hastily) {
    draining_ = true;
    const auto time =
        hastily ? std::min(server_.with().drain_time, haste) : server_.with().drain_time;
    server_.drain(time);
    server_.log().info("stopping: no new connections, clients are sent away");
    give_up_ = std::chrono::steady_clock::now() + time + (hastily ? haste : grace);
    look();
  }

  void look() {
    if (server_.finished()) {
      context_.stop();
      return;
    }
    if (std::chrono::steady_clock::now() >= give_up_) {
      server_.log().warning("stopping with clients still connected: they did not leave in time");
      context_.stop();
      return;
    }
    timer_.expires_after(std::chrono::milliseconds(10));
    timer_.async_wait([this](const error_code& failed) {
      if (!failed) {
        look();
      }
    });
  }

  server& server_;
  std::function<std::optional<settings::settings>()> read_settings_;
  asio::io_context context_{1};
  signal_source source_{context_, [this](signal what) { hear(what); }};
  asio::steady_timer timer_{context_};
  asio::steady_timer look_timer_{context_};
  operations::spare_memory spare_memory_;
  bool draining_ = false;
  std::chrono::steady_clock::time_point give_up_;
};

std::optional<std::string> read_variable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

int run(const std::vector<std::string>& arguments) {
  auto loaded = settings::load(arguments, read_variable);
  if (const auto* stop = std::get_if<settings::early_exit>(&loaded)) {
    (stop->code == 0 ? std::cout : std::cerr) << stop->text;
    return stop->code;
  }
  operations::prepare_process();

  settings::settings with = std::get<settings::settings>(std::move(loaded));
  const std::size_t most = operations::raise_socket_limit();
  if (with.http.max_connections == 0) {
    with.http.max_connections = most;
  }
  operations::log log(with.log_level, with.log_format, operations::standard_error);
  const auto read_settings = [&]() -> std::optional<settings::settings> {
    auto again = settings::load(arguments, read_variable);
    if (const auto* wrong = std::get_if<settings::early_exit>(&again)) {
      log.error("could not reload the settings", {{"reason", wrong->text}});
      return std::nullopt;
    }
    return std::get<settings::settings>(std::move(again));
  };
  operations::stop_limit limit(log, [] { std::_Exit(EXIT_FAILURE); });
  {
    server runs(std::move(with), log);
    signals until(runs, read_settings);
    runs.start();
    greet(runs.with(), runs.known_by(), log);
    until.run();
    limit.begin(longest_stop);
    limit.waits_for("what was accepted to be finished");
    runs.stop();
    limit.waits_for("the store to be closed");
  }
  log.info("stopped");
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace flowcast

int main(int argc, char** argv) {
  flowcast::console words;
  int code = EXIT_FAILURE;
  try {
    code = flowcast::run({argv + 1, argv + argc});
  } catch (const std::exception& failed) {
    std::cerr << "flowcast-server: " << failed.what() << "\n";
  }
  if (code != EXIT_SUCCESS) {
    words.let_be_read();
  }
  return code;
}
