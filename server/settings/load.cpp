#include "settings/load.hpp"

#include <algorithm>
#include <cctype>
#include <functional>
#include <initializer_list>
#include <set>
#include <string_view>
#include <thread>
#include <utility>

#include "http/share_port.hpp"
#include "settings/command_line.hpp"
#include "settings/nearest.hpp"
#include "settings/option.hpp"
#include "settings/option_value.hpp"
#include "settings/settings_file.hpp"
#include "stores/without_passwords.hpp"

namespace flowcast::settings {

namespace {

std::string variable_name(std::string_view option) {
  std::string name = "FLOWCAST_";
  for (const char c : option)
    name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

void append_list(assignments& to, const option& one, std::string_view text,
                 const std::string& where) {
  while (one.repeatable) {
    const std::size_t comma = text.find(',');
    if (comma == std::string_view::npos) {
      break;
    }
    to.push_back({std::string(one.name), std::string(text.substr(0, comma)), where});
    text.remove_prefix(comma + 1);
  }
  to.push_back({std::string(one.name), std::string(text), where});
}

bool is_given(const assignments& in, std::string_view name) {
  return std::any_of(in.begin(), in.end(), [&](const assignment& one) { return one.name == name; });
}

std::vector<http::listen_address> all_addresses(const settings& of) {
  std::vector<http::listen_address> all = of.listen;
  if (of.metrics_listen)
    all.push_back(*of.metrics_listen);
  return all;
}

class loader {
 public:
  void apply(const assignments& values) {
    for (const assignment& one : values) {
      const auto all = options();
      const auto* const known = std::find_if(all.data(), all.data() + all.size(),
                                             [&](const option& o) { return o.name == one.name; });
      if (known == all.data() + all.size()) {
        unknown(one);
      } else if (const complaint wrong = known->apply(draft_, one.value)) {
        complain(one, *wrong, known->secret);
      }
    }
  }

  void apply_services(const settings_file& file) {
    std::vector<services::service_options>& made = draft_.made.services;
    if (made.empty()) {
      for (const auto& [name, values] : file.services) {
        if (const complaint wrong = check_service_name(name)) {
          faults_.push_back("[service." + name + "]: the service's name " + *wrong);
        }
        made.emplace_back().definition.name = name;
      }
    }
    if (made.empty()) {
      made.emplace_back().definition.name = "microflow";
    }
    for (services::service_options& one : made) {
      std::string name = std::move(one.definition.name);
      one = draft_.every_service;
      one.definition.name = std::move(name);
    }
    for (const auto& [name, values] : file.services)
      apply_service(name, values);
  }

  void finish() {
    settings& made = draft_.made;
    if (made.listen.empty()) {
      made.listen.push_back({"127.0.0.1", 3030});
    }
    if (made.threads == 0) {
      made.threads = std::clamp(std::thread::hardware_concurrency(), 1U, http::most_sharers());
    } else if (made.threads > http::most_sharers()) {
      faults_.emplace_back(
          "on Windows there is one shard, as nothing there spreads connections over several: leave "
          "--threads out");
    }
    made.engine.max_outbound_of_all = made.max_outbound_total / made.threads;
    made.http.io_uring = made.engine.io_uring;
    made.http.max_unsent = made.engine.max_outbound_of_all;
    made.http.observed_apart = made.metrics_listen.has_value();
    made.http.max_poll_body = made.engine.max_payload;
    std::set<std::string_view> names;
    for (const services::service_options& one : made.services) {
      if (!names.insert(one.definition.name).second) {
        faults_.push_back("the service `" + one.definition.name + "` is there twice: name it once");
      }
      const std::string& name = one.definition.name;
      if ((made.locks.on && name == services::lock_service_name) ||
          (made.presence.on && name == services::presence_service_name)) {
        std::string fault = "`";
        fault.append(name).append("` is a service that the server has by itself: name yours ");
        fault.append("otherwise, or switch that one off with ").append(name).append(" = false");
        faults_.push_back(std::move(fault));
      }
      if (one.paginate_default > one.paginate_max) {
        faults_.push_back("service `" + one.definition.name + "`: paginate-default (" +
                          std::to_string(one.paginate_default) + ") is more than paginate-max (" +
                          std::to_string(one.paginate_max) + "): raise the one or lower the other");
      }
      if (one.definition.id_field == one.definition.key_field) {
        faults_.push_back("service `" + one.definition.name + "`: id and key are both `" +
                          one.definition.id_field + "`: they must be different members");
      }
    }
    if (!made.allow_anonymous && !made.auth.on() &&
        !is_refused(
            {"jwt-secret-file", "jwt-public-key", "jwks", "publisher-key", "allow-anonymous"})) {
      refuse_open_addresses();
    }
    check_tls();
    if (made.allow_anonymous && made.auth.on()) {
      faults_.emplace_back(
          "there are keys to know people by, and --allow-anonymous, which asks nobody: give one of "
          "both (--anonymous says what those may do who bring no token)");
    }
  }

  void add_faults(std::vector<std::string> faults) {
    std::move(faults.begin(), faults.end(), std::back_inserter(faults_));
  }

  [[nodiscard]] std::variant<settings, early_exit> result() {
    if (faults_.empty()) {
      return std::move(draft_.made);
    }
    std::string text;
    for (const std::string& fault : faults_)
      text += "flowcast-server: " + fault + "\n";
    return early_exit{2, text};
  }

 private:
  void apply_service(const std::string& name, const assignments& values) {
    std::vector<services::service_options>& made = draft_.made.services;
    const auto service = std::find_if(made.begin(), made.end(),
                                      [&](const auto& one) { return one.definition.name == name; });
    for (const assignment& one : values) {
      const auto all = service_options();
      const auto* const known =
          std::find_if(all.data(), all.data() + all.size(),
                       [&](const service_option& o) { return o.name == one.name; });
      if (known == all.data() + all.size()) {
        std::string names;
        for (const service_option& o : all)
          names += (names.empty() ? "" : ", ") + std::string(o.name);
        faults_.push_back(one.where + ": a service has no setting `" + one.name +
                          "`; it has: " + names);
      } else if (service != made.end()) {
        if (const complaint wrong = known->apply(*service, one.value)) {
          complain(one, *wrong);
        }
      }
    }
  }

  void refuse_open_addresses() {
    for (const http::listen_address& address : all_addresses(draft_.made)) {
      if (!is_loopback(address)) {
        faults_.push_back(
            "will not listen on " + to_url(address) +
            " without authentication: whoever reaches it could publish, and read every record.\n"
            "  Give a key to verify tokens with (--jwt-secret-file, --jwt-public-key or --jwks) or "
            "--publisher-key, listen on 127.0.0.1 for this machine only, or give "
            "--allow-anonymous where everyone on the network may do that");
      }
    }
  }

  void check_tls() {
    const settings& made = draft_.made;
    const std::vector<http::listen_address> all = all_addresses(made);
    const bool wanted =
        std::any_of(all.begin(), all.end(), [](const auto& address) { return address.secure; });
    if (wanted && (made.tls.certificate.empty() || made.tls.key.empty()) &&
        !is_refused({"tls-certificate", "tls-key"})) {
      faults_.emplace_back(
          "an https:// address needs a certificate: give --tls-certificate and --tls-key");
    }
    if (!wanted && !(made.tls.certificate.empty() && made.tls.key.empty()) &&
        !is_refused({"listen", "metrics-listen"})) {
      faults_.emplace_back(
          "there is a certificate, but nothing to use it on: give --listen https://HOST:PORT");
    }
  }

  // One that was given, but not as it must be, is no reason to ask for it.
  [[nodiscard]] bool is_refused(std::initializer_list<std::string_view> names) const {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view name) { return refused_.contains(name); });
  }

  void complain(const assignment& one, const std::string& wrong, bool secret = false) {
    refused_.insert(one.name);
    const std::string given = secret ? "what was given is not shown, in case it is the key itself"
                                     : "it is `" + stores::without_passwords(one.value) + "`";
    faults_.push_back(one.where + ": `" + one.name + "` " + wrong + "; " + given);
  }

  void unknown(const assignment& one) {
    std::string text = one.where + ": there is no setting `" + one.name + "`";
    if (const auto meant = nearest_option(one.name)) {
      refused_.emplace(*meant);
      text += "; did you mean `" + std::string(*meant) + "`?";
    } else {
      text += "; flowcast-server --help lists all";
    }
    faults_.push_back(std::move(text));
  }

  draft draft_;
  std::vector<std::string> faults_;
  std::set<std::string, std::less<>> refused_;  // names of settings
};

}  // namespace

std::variant<settings, early_exit> load(std::vector<std::string> arguments,
                                        const environment& variables) {
  auto parsed = parse_command_line(std::move(arguments));
  if (auto* stop = std::get_if<early_exit>(&parsed)) {
    return std::move(*stop);
  }
  auto& line = std::get<command_line>(parsed);
  assignments given = std::move(line.values);
  for (const option& one : options()) {
    const std::string name = variable_name(one.name);
    const std::optional<std::string> value = variables(name);
    if (value && !is_given(given, one.name)) {
      append_list(given, one, *value, name);
    }
  }

  settings_file file;
  if (line.config.empty()) {
    line.config = variables("FLOWCAST_CONFIG").value_or("");
  }
  if (!line.config.empty()) {
    file = read_settings_file(line.config);
  }

  loader loading;
  loading.add_faults(std::move(file.faults));
  std::erase_if(file.values, [&](const assignment& one) { return is_given(given, one.name); });
  loading.apply(file.values);
  loading.apply(given);
  loading.apply_services(file);
  loading.finish();
  return loading.result();
}

}  // namespace flowcast::settings
