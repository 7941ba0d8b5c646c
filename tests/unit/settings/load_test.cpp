#include "settings/load.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace flowcast::settings {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::ResultOf;
using testing::SizeIs;

using variables = std::map<std::string, std::string>;

std::variant<settings, early_exit> load_with(std::vector<std::string> arguments,
                                             variables set = {}) {
  return load(std::move(arguments),
              [set = std::move(set)](const std::string& name) -> std::optional<std::string> {
                const auto found = set.find(name);
                if (found == set.end()) {
                  return std::nullopt;
                }
                return found->second;
              });
}

settings loaded(std::vector<std::string> arguments, variables set = {}) {
  auto made = load_with(std::move(arguments), std::move(set));
  if (auto* stop = std::get_if<early_exit>(&made)) {
    throw std::runtime_error(stop->text);
  }
  return std::get<settings>(std::move(made));
}

std::string refusal(std::vector<std::string> arguments, variables set = {}) {
  auto made = load_with(std::move(arguments), std::move(set));
  auto* stop = std::get_if<early_exit>(&made);
  if (stop == nullptr || stop->code != 2) {
    return "was not refused";
  }
  return stop->text;
}

class config_file {
 public:
  explicit config_file(const std::string& text)
      : path_(testing::TempDir() + "flowcast-" + std::to_string(::getpid()) + ".toml") {
    std::ofstream(path_) << text;
  }
  ~config_file() { std::remove(path_.c_str()); }
  config_file(const config_file&) = delete;
  config_file& operator=(const config_file&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(load, without_anything_serves_microflow_from_sqlite_on_loopback) {
  const settings made = loaded({});
  EXPECT_THAT(made.listen, ElementsAre(http::listen_address{"127.0.0.1", 3030}));
  ASSERT_THAT(made.services, SizeIs(1));
  EXPECT_EQ(made.services[0].definition.name, "microflow");
  EXPECT_EQ(made.services[0].definition.start_id, 1);
  EXPECT_EQ(made.services[0].paginate_default, 10);
  EXPECT_EQ(made.services[0].paginate_max, 50);
  EXPECT_EQ(made.store, "sqlite:flowcast.sqlite");
  EXPECT_GE(made.threads, 1U);
  EXPECT_FALSE(made.allow_anonymous);
  EXPECT_EQ(made.http.max_connections_per_address, 10000U);
}

TEST(load, takes_every_flag_of_the_contract) {
  const settings made = loaded({"--listen",
                                "127.0.0.1:0",
                                "--listen=[::1]:81",
                                "--service",
                                "microflow",
                                "--service",
                                "orders",
                                "--store",
                                "memory",
                                "--threads",
                                "2",
                                "--allow-anonymous",
                                "--ping-interval",
                                "300",
                                "--ping-timeout",
                                "200",
                                "--connect-timeout",
                                "1000",
                                "--max-payload",
                                "2000",
                                "--start-id",
                                "0"});
  EXPECT_THAT(made.listen,
              ElementsAre(http::listen_address{"127.0.0.1", 0}, http::listen_address{"::1", 81}));
  ASSERT_THAT(made.services, SizeIs(2));
  EXPECT_EQ(made.services[1].definition.name, "orders");
  EXPECT_EQ(made.services[1].definition.start_id, 0);
  EXPECT_EQ(made.store, "memory");
  EXPECT_EQ(made.threads, 2U);
  EXPECT_TRUE(made.allow_anonymous);
  EXPECT_EQ(made.engine.ping_interval.count(), 300);
  EXPECT_EQ(made.engine.ping_timeout.count(), 200);
  EXPECT_EQ(made.engine.connect_timeout.count(), 1000);
  EXPECT_EQ(made.engine.max_payload, 2000U);
}

TEST(load, takes_variables_and_lets_flags_override_them) {
  const settings made = loaded({"--ping-interval", "1000"}, {{"FLOWCAST_PING_INTERVAL", "2000"},
                                                             {"FLOWCAST_PING_TIMEOUT", "3000"},
                                                             {"FLOWCAST_SERVICE", "a,b"},
                                                             {"FLOWCAST_ALLOW_ANONYMOUS", "1"}});
  EXPECT_EQ(made.engine.ping_interval.count(), 1000);
  EXPECT_EQ(made.engine.ping_timeout.count(), 3000);
  EXPECT_THAT(made.services, SizeIs(2));
  EXPECT_TRUE(made.allow_anonymous);
}

TEST(load, reads_a_file_that_variables_and_flags_override) {
  const config_file file(R"(
listen = ["127.0.0.1:4000", "127.0.0.1:4001"]
ping-interval = 100
ping_timeout = 100
store = "memory"
allow-anonymous = true
)");
  const settings made = loaded({"--config", file.path(), "--listen", "127.0.0.1:5000"},
                               {{"FLOWCAST_PING_INTERVAL", "200"}});
  EXPECT_THAT(made.listen, ElementsAre(http::listen_address{"127.0.0.1", 5000}));
  EXPECT_EQ(made.engine.ping_interval.count(), 200);
  EXPECT_EQ(made.engine.ping_timeout.count(), 100);
  EXPECT_EQ(made.store, "memory");
  EXPECT_TRUE(made.allow_anonymous);
}

TEST(load, takes_the_services_from_the_files_sections) {
  const config_file file(R"(
start-id = 5
[service.orders]
id = "_id"
key = "guid"
multi = false
delivery = "keyed"
paginate-default = 20
paginate-max = 100
keep-events = 10
keep-seconds = 60
keep-bytes = 1000
[service.microflow]
start_id = 0
)");
  const settings made = loaded({}, {{"FLOWCAST_CONFIG", file.path()}});
  ASSERT_THAT(made.services, SizeIs(2));
  const services::service_options& orders = made.services[0];
  EXPECT_EQ(orders.definition.name, "orders");
  EXPECT_EQ(orders.definition.id_field, "_id");
  EXPECT_EQ(orders.definition.key_field, "guid");
  EXPECT_EQ(orders.definition.start_id, 5);
  EXPECT_FALSE(orders.multi);
  EXPECT_EQ(orders.deliver, services::delivery::keyed);
  EXPECT_EQ(orders.paginate_default, 20);
  EXPECT_EQ(orders.paginate_max, 100);
  EXPECT_EQ(orders.definition.keep.max_events, 10U);
  EXPECT_EQ(orders.definition.keep.max_age.count(), 60);
  EXPECT_EQ(orders.definition.keep.max_bytes, 1000U);
  EXPECT_EQ(made.services[1].definition.name, "microflow");
  EXPECT_EQ(made.services[1].definition.start_id, 0);
}

TEST(load, serves_the_services_of_the_flags_with_the_options_of_the_file) {
  const config_file file("[service.orders]\nstart-id = 9\n[service.other]\n");
  const settings made = loaded({"--config", file.path(), "--service", "orders"});
  ASSERT_THAT(made.services, SizeIs(1));
  EXPECT_EQ(made.services[0].definition.start_id, 9);
}

TEST(load, refuses_an_open_address_without_authentication_and_says_what_to_do) {
  EXPECT_THAT(
      refusal({"--listen", "0.0.0.0:3030"}),
      AllOf(HasSubstr("0.0.0.0:3030"), HasSubstr("--allow-anonymous"), HasSubstr("127.0.0.1")));
  EXPECT_THAT(refusal({"--listen", "127.0.0.1:1", "--listen", "[::]:3030"}),
              HasSubstr("[::]:3030"));
  EXPECT_EQ(loaded({"--listen", "0.0.0.0:3030", "--allow-anonymous"}).listen[0].host, "0.0.0.0");
}

TEST(load, wants_a_certificate_for_tls_and_tls_for_a_certificate) {
  const settings made =
      loaded({"--listen", "https://127.0.0.1:3443", "--listen", "http://127.0.0.1:1",
              "--tls-certificate", "c.pem", "--tls-key", "k.pem"});
  EXPECT_THAT(made.listen, ElementsAre(http::listen_address{"127.0.0.1", 3443, true},
                                       http::listen_address{"127.0.0.1", 1, false}));
  EXPECT_EQ(made.tls.certificate, "c.pem");
  EXPECT_EQ(made.tls.key, "k.pem");
  EXPECT_THAT(refusal({"--listen", "https://127.0.0.1:3443", "--tls-key", "k.pem"}),
              HasSubstr("--tls-certificate"));
  EXPECT_THAT(refusal({"--tls-certificate", "c.pem", "--tls-key", "k.pem"}),
              HasSubstr("--listen https://"));
}

TEST(load, reads_the_limits_at_the_door) {
  const settings made =
      loaded({"--max-connections", "100", "--max-connections-per-address", "10", "--max-publishes",
              "50", "--trusted-proxy", "10.0.0.0/8", "--trusted-proxy", "::1"});
  EXPECT_EQ(made.http.max_connections, 100U);
  EXPECT_EQ(made.http.max_connections_per_address, 10U);
  EXPECT_EQ(made.http.max_publishes, 50U);
  EXPECT_THAT(made.http.proxies, SizeIs(2));
  EXPECT_THAT(refusal({"--trusted-proxy", "proxy"}), HasSubstr("10.0.0.0/8"));
}

TEST(load, names_the_value_its_place_and_what_it_must_be) {
  EXPECT_EQ(refusal({"--threads", "many"}),
            "flowcast-server: --threads: `threads` must be a whole number from 0 to 1024; it is "
            "`many`\n");
  EXPECT_THAT(refusal({}, {{"FLOWCAST_PING_INTERVAL", "-5"}}),
              HasSubstr("FLOWCAST_PING_INTERVAL: `ping-interval` must be a whole number"));
  const config_file file("\n\nping-interval = 1.5\nmax-payload = \"big\"\n");
  EXPECT_THAT(refusal({"--config", file.path()}),
              AllOf(HasSubstr(file.path() + " line 3"), HasSubstr(file.path() + " line 4")));
}

TEST(load, tells_all_that_is_wrong_at_once) {
  EXPECT_THAT(refusal({"--threads", "x", "--store", "oracle", "--listen", "here"}),
              AllOf(HasSubstr("`threads`"), HasSubstr("sqlite:PATH"), HasSubstr("HOST:PORT")));
}

TEST(load, does_not_ask_for_what_it_was_given_and_refused) {
  const auto only = [](const char* text) {
    return AllOf(
        HasSubstr(text),
        ResultOf([](const std::string& all) { return std::count(all.begin(), all.end(), '\n'); },
                 1));
  };
  EXPECT_THAT(refusal({"--listen", "0.0.0.0:3030", "--publisher-key", "mendix"}),
              only("must be NAME:DIGEST"));
  EXPECT_THAT(refusal({"--listen", "3030"}), only("must be HOST:PORT"));
  EXPECT_THAT(refusal({"--metrics-listen", "3031"}), only("must be HOST:PORT"));
  EXPECT_THAT(refusal({"--listen", "push", "--tls-certificate", "a", "--tls-key", "b"}),
              only("must be HOST:PORT"));
  const config_file keys("listen = \"0.0.0.0:3030\"\npublisher-kye = \"mendix\"\n");
  EXPECT_THAT(refusal({"--config", keys.path()}), only("did you mean `publisher-key`?"));
}

TEST(load, shows_no_secret_that_it_refuses) {
  EXPECT_THAT(refusal({"--publisher-key", "mendix:my-secret-key"}),
              AllOf(HasSubstr("must be NAME:DIGEST"), Not(HasSubstr("my-secret-key"))));
  EXPECT_THAT(refusal({"--store", "redis://me:password@host"}),
              AllOf(HasSubstr("it is `redis://host`"), Not(HasSubstr("password"))));
}

TEST(load, asks_for_authentication_beside_what_else_is_wrong) {
  EXPECT_THAT(refusal({"--listen", "0.0.0.0:3030", "--listen", "3031", "--threads", "x"}),
              AllOf(HasSubstr("`threads`"), HasSubstr("`listen` must"),
                    HasSubstr("will not listen on http://0.0.0.0:3030 without authentication")));
}

TEST(load, gives_metrics_a_listener_of_their_own_as_safe_as_the_others) {
  EXPECT_FALSE(loaded({}).metrics_listen);
  EXPECT_FALSE(loaded({}).http.observed_apart);
  const settings apart = loaded({"--metrics-listen", "127.0.0.1:3031"});
  EXPECT_EQ(apart.metrics_listen->port, 3031);
  EXPECT_TRUE(apart.http.observed_apart);
  EXPECT_THAT(refusal({"--metrics-listen", "0.0.0.0:3031"}),
              AllOf(HasSubstr("0.0.0.0:3031"), HasSubstr("without authentication")));
  EXPECT_THAT(refusal({"--metrics-listen", "https://127.0.0.1:3031"}),
              HasSubstr("--tls-certificate"));
}

TEST(load, refuses_addresses_it_cannot_mean) {
  for (const char* text : {"3030", ":3030", "::1:3030", "127.0.0.1:65536", "127.0.0.1:", "[]:80"})
    EXPECT_THAT(refusal({"--listen", text}), HasSubstr("`listen` must")) << text;
}

TEST(load, refuses_names_that_are_no_service) {
  for (const char* name : {"", "a/b", "socket.io", "healthz", "..", "a b", "%41"})
    EXPECT_THAT(refusal({"--service", name}), HasSubstr("`service`")) << name;
  EXPECT_THAT(refusal({"--service", "a", "--service", "a"}), HasSubstr("twice"));
}

TEST(load, refuses_settings_that_contradict_each_other) {
  EXPECT_THAT(refusal({"--paginate-default", "60"}), HasSubstr("paginate-max (50)"));
  const config_file file("[service.a]\nid = \"x\"\nkey = \"x\"\n");
  EXPECT_THAT(refusal({"--config", file.path()}), HasSubstr("different members"));
}

TEST(load, refuses_settings_that_do_not_exist_and_offers_the_nearest) {
  EXPECT_THAT(refusal({"--ping-intervall", "5"}), HasSubstr("ping-intervall"));
  const config_file file("pingg-interval = 5\nnonsense = true\n[service.a]\ncolour = 1\n");
  EXPECT_THAT(refusal({"--config", file.path()}),
              AllOf(HasSubstr("did you mean `ping-interval`?"), HasSubstr("`nonsense`"),
                    HasSubstr("`colour`; it has: id, key")));
}

TEST(load, says_where_a_file_is_not_toml_or_cannot_be_read) {
  const config_file file("listen = [\n");
  EXPECT_THAT(refusal({"--config", file.path()}), HasSubstr("not valid TOML"));
  EXPECT_THAT(refusal({"--config", "/nowhere/flowcast.toml"}),
              HasSubstr("cannot read /nowhere/flowcast.toml"));
}

TEST(load, reads_files_of_windows_editors) {
  const config_file file(
      "\xef\xbb\xbflisten = \"127.0.0.1:4000\"\r\n\r\nservice = [\"orders\"]\r\n");
  const settings made = loaded({"--config", file.path()});
  EXPECT_EQ(made.listen.front().port, 4000);
  EXPECT_EQ(made.services.front().definition.name, "orders");
}

TEST(load, says_how_to_save_a_file_that_is_not_utf8) {
  const std::string sixteen("\xff\xfel\0o\0", 6);
  EXPECT_THAT(refusal({"--config", config_file(sixteen).path()}),
              HasSubstr("save the file as UTF-8"));
  EXPECT_THAT(refusal({"--config", config_file("a = \"caf\xe9\"\n").path()}), HasSubstr("line 1"));
  EXPECT_THAT(refusal({"--config", config_file("a = \"caf\xe9\"\n").path()}),
              HasSubstr("save the file as UTF-8"));
}

TEST(load, answers_help_and_version_with_success) {
  auto helped = load_with({"--help"});
  ASSERT_TRUE(std::holds_alternative<early_exit>(helped));
  EXPECT_EQ(std::get<early_exit>(helped).code, 0);
  EXPECT_THAT(std::get<early_exit>(helped).text,
              AllOf(HasSubstr("--listen"), HasSubstr("--allow-anonymous"), HasSubstr("FLOWCAST_")));
  auto version = load_with({"--version"});
  EXPECT_EQ(std::get<early_exit>(version).code, 0);
  EXPECT_THAT(std::get<early_exit>(version).text, HasSubstr("flowcast-server 0."));
}

}  // namespace
}  // namespace flowcast::settings
