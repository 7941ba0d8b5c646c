#include "settings/option.hpp"

#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "settings/option_value.hpp"

namespace flowcast::settings {

namespace {

constexpr std::int64_t hour = 60LL * 60 * 1000;
constexpr std::int64_t day = 24LL * 60 * 60 * 1000;

complaint add_listen(draft& to, std::string_view text) {
  std::optional<http::listen_address> one;
  complaint wrong = set_address(text, one);
  if (one) {
    to.made.listen.push_back(*std::move(one));
  }
  return wrong;
}

complaint set_metrics_listen(draft& to, std::string_view text) {
  return set_address(text, to.made.metrics_listen);
}

complaint add_service(draft& to, std::string_view text) {
  to.made.services.emplace_back().definition.name = text;
  return check_service_name(text);
}

complaint set_store(draft& to, std::string_view text) {
  to.made.store = text;
  return check_store(text);
}

complaint add_origin(draft& to, std::string_view text) {
  to.made.http.allowed_origins.emplace_back(text);
  return check_origin(text);
}

complaint add_proxy(draft& to, std::string_view text) {
  const auto network = http::trusted_proxies::parse(text);
  if (!network) {
    return "must be an address or a network, such as 10.0.0.5 or 10.0.0.0/8";
  }
  to.made.http.proxies.push_back(*network);
  return std::nullopt;
}

// none, subscribe, publish, observe or all: what somebody may do everywhere.
complaint set_rights(std::string_view text, auth::rights& to) {
  if (text == "none") {
    to = auth::rights();
  } else if (text == "subscribe") {
    to = auth::rights::to_subscribe();
  } else if (text == "publish") {
    to = auth::rights::to_publish();
  } else if (text == "all") {
    to = auth::rights::everything();
  } else if (text == "observe") {
    to = auth::rights::to_observe();
  } else {
    return "must be none, subscribe, publish, observe or all";
  }
  return std::nullopt;
}

// NAME:DIGEST, or NAME:DIGEST:RIGHTS.
complaint add_static_key(draft& to, std::string_view text) {
  constexpr std::size_t digits = 64;
  const std::size_t colon = text.find(':');
  const std::string_view rest = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  const std::string_view digest = rest.substr(0, digits);
  if (colon == 0 || digest.size() != digits ||
      digest.find_first_not_of("0123456789abcdef") != std::string_view::npos ||
      (rest.size() > digits && rest[digits] != ':')) {
    return "must be NAME:DIGEST, or NAME:DIGEST:RIGHTS, with the 64 digits that `printf %s KEY | "
           "sha256sum` prints";
  }
  auth::static_key made;
  made.name = text.substr(0, colon);
  made.digest = digest;
  if (rest.size() > digits) {
    if (auto wrong = set_rights(rest.substr(digits + 1), made.may)) {
      return wrong;
    }
  }
  to.made.auth.static_keys.push_back(std::move(made));
  return std::nullopt;
}

complaint add_text(std::string_view text, std::vector<std::string>& to) {
  if (text.empty()) {
    return "must not be empty";
  }
  to.emplace_back(text);
  return std::nullopt;
}

// Keys that came in clear over the network could be anybody's.
complaint add_key_set(draft& to, std::string_view text) {
  constexpr std::string_view in_clear = "http://";
  if (text.starts_with(in_clear)) {
    const std::string_view rest = text.substr(in_clear.size());
    const std::string_view host = rest.substr(0, rest.find_first_of(":/"));
    if (host != "localhost" && host != "127.0.0.1") {
      return "must be an https:// address: whoever can change an answer of http:// on its way "
             "could "
             "make tokens";
    }
    return add_text(text, to.made.auth.key_set_urls);
  }
  return add_text(
      text, text.starts_with("https://") ? to.made.auth.key_set_urls : to.made.auth.key_set_files);
}

complaint set_log_level(draft& to, std::string_view text) {
  const std::optional<operations::severity> level = operations::parse_severity(text);
  if (!level) {
    return "must be debug, info, warning or error";
  }
  to.made.log_level = *level;
  return std::nullopt;
}

complaint set_log_format(draft& to, std::string_view text) {
  if (text == "text") {
    to.made.log_format = operations::log_format::text;
  } else if (text == "json") {
    to.made.log_format = operations::log_format::json;
  } else {
    return "must be text or json";
  }
  return std::nullopt;
}

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

constexpr std::string_view main_group = "What to serve, and where";
constexpr std::string_view auth_group =
    "Who may do what (authentication is on once there is a key)";
constexpr std::string_view services_group =
    "Every service (a [service.NAME] section of the file sets one service's own)";
constexpr std::string_view built_in_group = "Locks and presence";
constexpr std::string_view sockets_group = "Sockets";
constexpr std::string_view limits_group = "Limits";
constexpr std::string_view operations_group = "Operations";

constexpr std::array all_options = {
    option{"listen", "HOST:PORT", main_group,
           "Address to listen on, https://HOST:PORT for TLS; repeat it for more (default: "
           "127.0.0.1:3030)",
           true, add_listen},
    option{"tls-certificate", "FILE", main_group,
           "PEM file of the certificate for https:// addresses, with its chain", false,
           [](draft& to, std::string_view text) {
             to.made.tls.certificate = text;
             return complaint();
           }},
    option{"tls-key", "FILE", main_group, "PEM file of the certificate's private key", false,
           [](draft& to, std::string_view text) {
             to.made.tls.key = text;
             return complaint();
           }},
    option{"service", "NAME", main_group,
           "Service to offer; repeat it for more (default: microflow)", true, add_service},
    option{"store", "STORE", main_group,
           "memory, sqlite:PATH or nats:URL (default: sqlite:flowcast.sqlite; on Windows memory)",
           false, set_store},
    option{"threads", "N", main_group, "Shards, a thread each (default: one a core; on Windows there is one)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 0, 1024, to.made.threads);
           }},
    option{
        "allow-anonymous", "", main_group,
        "Let everyone who reaches the server publish and listen. Without it only loopback is "
        "open",
        false,
        [](draft& to, std::string_view text) { return set_switch(text, to.made.allow_anonymous); }},
    option{"io-uring", "", main_group,
           "Send to many clients by one system call, where the kernel lets it (default: true; Linux "
           "alone)",
           false,
           [](draft& to, std::string_view text) {
             return set_switch(text, to.made.engine.io_uring);
           }},
    option{"allow-origin", "ORIGIN", main_group,
           "Web page origin that may call the server; repeat it for more (default: any)", true,
           add_origin},

    option{"jwt-secret-file", "FILE", auth_group,
           "File of a secret that tokens are signed with (HS256, HS384, HS512); repeat it for more",
           true,
           [](draft& to, std::string_view text) {
             return add_text(text, to.made.auth.secret_files);
           }},
    option{"jwt-public-key", "FILE", auth_group,
           "PEM file of a public key that tokens are verified with (RS256, PS256, ES256, EdDSA); "
           "repeat it for more",
           true,
           [](draft& to, std::string_view text) {
             return add_text(text, to.made.auth.public_key_files);
           }},
    option{"jwks", "FILE|URL", auth_group,
           "File of a JWK set, or its https:// address, which is fetched again and again; repeat it "
           "for more",
           true, add_key_set},
    option{"jwks-refresh", "SECONDS", auth_group,
           "How often JWK sets are fetched; sooner for a token of a key that is not known (default: "
           "300)",
           false,
           [](draft& to, std::string_view text) {
             return set_number(text, 10, 86'400, to.made.auth.key_set_refresh);
           }},
    option{"jwt-issuer", "TEXT", auth_group, "What a token's `iss` must be (default: anything)",
           false,
           [](draft& to, std::string_view text) {
             to.made.auth.rules.issuer = text;
             return complaint();
           }},
    option{"jwt-audience", "TEXT", auth_group,
           "What a token's `aud` must name; repeat it for more (default: anything)", true,
           [](draft& to, std::string_view text) {
             return add_text(text, to.made.auth.rules.audiences);
           }},
    option{"jwt-leeway", "SECONDS", auth_group,
           "By how much clocks may differ (default: 30)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 0, 600, to.made.auth.rules.leeway);
           }},
    option{"jwt-must-expire", "BOOL", auth_group,
           "Whether a token without `exp` is refused (default: true)", false,
           [](draft& to, std::string_view text) {
             return set_switch(text, to.made.auth.rules.must_expire);
           }},
    option{"token-default", "RIGHTS", auth_group,
           "What a token without the claim `flowcast` allows: none, subscribe, publish, observe or all "
           "(default: subscribe)",
           false,
           [](draft& to, std::string_view text) {
             return set_rights(text, to.made.auth.rules.without_claim);
           }},
    option{"publisher-key", "NAME:DIGEST", auth_group,
           "A key that publishers send as Authorization: Bearer KEY, by the SHA-256 of it; "
           "NAME:DIGEST:RIGHTS for other rights than all; repeat it for more",
           true, add_static_key, true},
    option{"anonymous", "RIGHTS", auth_group,
           "What those may do who bring no token: none, subscribe, publish, observe or all (default: none)",
           false,
           [](draft& to, std::string_view text) {
             return set_rights(text, to.made.auth.anonymous);
           }},
    option{"revoke-token", "ID", auth_group,
           "The `jti` of a token that is not valid any more; repeat it for more", true,
           [](draft& to, std::string_view text) {
             return add_text(text, to.made.auth.revoked_tokens);
           }},
    option{"revoke-subject", "NAME", auth_group,
           "The `sub` of tokens, or the name of a publisher's key, that are not valid any more; "
           "repeat it for more",
           true,
           [](draft& to, std::string_view text) {
             return add_text(text, to.made.auth.revoked_subjects);
           }},

    option{"start-id", "N", services_group, "First id that is given (default: 1)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 0, most, to.every_service.definition.start_id);
           }},
    option{
        "multi", "BOOL", services_group,
        "Whether arrays may be created, and many records patched or removed at once (default: "
        "true)",
        false,
        [](draft& to, std::string_view text) { return set_switch(text, to.every_service.multi); }},
    option{"delivery", "MODE", services_group,
           "keyed: clients hear of the keys they subscribe to; broadcast: clients that subscribe "
           "to no key hear of all, as with Feathers (default: broadcast)",
           false,
           [](draft& to, std::string_view text) {
             return set_delivery(text, to.every_service.deliver);
           }},
    option{"paginate-default", "N", services_group, "Records a page (default: 10)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 1, 100'000, to.every_service.paginate_default);
           }},
    option{"paginate-max", "N", services_group, "Most records a page (default: 50)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 1, 100'000, to.every_service.paginate_max);
           }},

    option{"locks", "BOOL", built_in_group, "Whether there is the service `locks` (default: true)",
           false,
           [](draft& to, std::string_view text) { return set_switch(text, to.made.locks.on); }},
    option{"max-locks", "N", built_in_group, "Locks held at once (default: 100000)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 1, 10'000'000, to.made.locks.most);
           }},
    option{"max-locks-per-holder", "N", built_in_group,
           "Locks held at once by one holder (default: 1000)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 1, 10'000'000, to.made.locks.most_of_holder);
           }},
    option{"presence", "BOOL", built_in_group,
           "Whether there is the service `presence` (default: true)", false,
           [](draft& to, std::string_view text) { return set_switch(text, to.made.presence.on); }},
    option{"presence-grace", "MS", built_in_group,
           "How long somebody is still present whose connection has ended (default: 2000)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 0, hour, to.made.presence.grace);
           }},
    option{"presence-interval", "MS", built_in_group,
           "Least time between two events about who is present on a key (default: 250)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 10, hour, to.made.presence.interval);
           }},
    option{"presence-timeout", "MS", built_in_group,
           "Time after which those at a node count as gone of which nothing is heard (default: "
           "6000)",
           false,
           [](draft& to, std::string_view text) {
             return set_number(text, 300, hour, to.made.presence.timeout);
           }},
    option{"presence-names", "N", built_in_group, "Names shown of a key (default: 10)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 0, 1000, to.made.presence.shown);
           }},
    option{"max-presence", "N", built_in_group, "Present at once, at this node (default: 100000)",
           false,
           [](draft& to, std::string_view text) {
             return set_number(text, 1, 10'000'000, to.made.presence.most);
           }},
    option{"max-presence-per-session", "N", built_in_group,
           "Keys that one connection is present on (default: 100)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 1, 100'000, to.made.presence.most_of_session);
           }},

    option{"ping-interval", "MS", sockets_group, "Time between heartbeats (default: 25000)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 50, day, to.made.engine.ping_interval);
           }},
    option{"ping-timeout", "MS", sockets_group, "Time to answer a heartbeat (default: 20000)",
           false,
           [](draft& to, std::string_view text) {
             return set_number(text, 50, day, to.made.engine.ping_timeout);
           }},
    option{"connect-timeout", "MS", sockets_group,
           "Time to join a namespace after connecting (default: 45000)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 50, day, to.made.engine.connect_timeout);
           }},
    option{"max-payload", "BYTES", sockets_group,
           "Largest packet that a client may send, with its attachments (default: 1000000)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 1024, 100'000'000, to.made.engine.max_payload);
           }},
    option{"max-outbound", "BYTES", sockets_group,
           "What may wait for a client that does not read before it is sent away (default: 1048576)",
           false,
           [](draft& to, std::string_view text) {
             return set_number(text, 16'384, 100'000'000, to.made.engine.max_outbound);
           }},
    option{"max-outbound-total", "BYTES", sockets_group,
           "What may wait for all clients together, and as much of answers to HTTP; past it, those "
           "are sent away for whom most waits; 0: no limit (default: 268435456)",
           false,
           [](draft& to, std::string_view text) {
             return set_number(text, 0, 1'000'000'000'000, to.made.max_outbound_total);
           }},
    option{"message-timeout", "MS", sockets_group,
           "Time in which a packet that has begun to arrive must be complete (default: 30000)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 100, day, to.made.engine.message_timeout);
           }},
    option{"upgrade-timeout", "MS", sockets_group,
           "Time to move from polling to a websocket that has been opened (default: 10000)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 100, day, to.made.engine.upgrade_timeout);
           }},
    option{"max-packets", "N", sockets_group,
           "Packets a second from one session, of which ten seconds' worth may come at once; 0: no "
           "limit (default: 10000)",
           false,
           [](draft& to, std::string_view text) {
             return set_number(text, 0, 10'000'000, to.made.engine.max_packets);
           }},
    option{"max-subscriptions", "N", sockets_group, "Keys that one session may hear (default: 10000)",
           false,
           [](draft& to, std::string_view text) {
             return set_number(text, 1, 10'000'000, to.made.subscriptions.keys);
           }},
    option{"max-key", "BYTES", sockets_group, "Longest key that may be subscribed to (default: 512)",
           false,
           [](draft& to, std::string_view text) {
             return set_number(text, 16, 1'000'000, to.made.subscriptions.key);
           }},

    option{"max-connections", "N", limits_group,
           "Connections at once, and sessions that poll (default: 0, as many as the system lets us "
           "have)",
           false,
           [](draft& to, std::string_view text) {
             return set_number(text, 0, 10'000'000, to.made.http.max_connections);
           }},
    option{"max-connections-per-address", "N", limits_group,
           "The same from one address (of IPv6: from one network of 64 bits), this machine's own "
           "apart; 0: no limit (default: 10000)",
           false,
           [](draft& to, std::string_view text) {
             return set_number(text, 0, 10'000'000, to.made.http.max_connections_per_address);
           }},
    option{"max-publishes", "N", limits_group,
           "Publishes a second from one address, by REST and by sockets (default: 0, no limit)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 0, 1'000'000, to.made.http.max_publishes);
           }},
    option{"trusted-proxy", "ADDRESS", limits_group,
           "Address or network (10.0.0.0/8) of a proxy whose X-Forwarded-For is believed; repeat "
           "it for more",
           true, add_proxy},
    option{"max-body", "BYTES", limits_group, "Largest body of a REST request (default: 102400)",
           false,
           [](draft& to, std::string_view text) {
             return set_number(text, 64, 100'000'000, to.made.http.max_body);
           }},
    option{"max-depth", "N", limits_group,
           "Arrays and objects that may be open at once in a record (default: 64, the most there "
           "can be)",
           false,
           [](draft& to, std::string_view text) {
             return set_number(text, 1, records::deepest_record, to.every_service.max_depth);
           }},
    option{"max-header", "BYTES", limits_group, "Largest head of an HTTP request (default: 16384)",
           false,
           [](draft& to, std::string_view text) {
             return set_number(text, 1024, 1'000'000, to.made.http.max_header);
           }},
    option{"header-timeout", "MS", limits_group,
           "Time to send the head of an HTTP request (default: 10000)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 100, day, to.made.http.header_timeout);
           }},
    option{"body-timeout", "MS", limits_group,
           "Time to send the body of an HTTP request (default: 30000)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 100, day, to.made.http.body_timeout);
           }},
    option{"idle-timeout", "MS", limits_group,
           "Time that an HTTP connection is kept between requests (default: 65000)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 100, day, to.made.http.idle_timeout);
           }},
    option{"write-timeout", "MS", limits_group,
           "Time in which a client must take a part of its answer (default: 30000)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 100, day, to.made.http.write_timeout);
           }},
    option{"max-deliver-after", "MS", limits_group,
           "Longest delay that a publisher may ask for (default: 60000)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 0, day, to.every_service.max_deliver_after);
           }},

    option{"drain-time", "MS", operations_group,
           "Time over which clients are sent away when the server stops (default: 5000)", false,
           [](draft& to, std::string_view text) {
             return set_number(text, 0, day, to.made.drain_time);
           }},
    option{"metrics-listen", "HOST:PORT", operations_group,
           "Address for /metrics and /status, which no other then has; on this machine's own it "
           "asks for no token (default: they are on every address)",
           false, set_metrics_listen},
    option{"log-level", "LEVEL", operations_group, "debug, info, warning or error (default: info)",
           false, set_log_level},
    option{"log-format", "FORMAT", operations_group, "text or json (default: text)", false,
           set_log_format},
};

constexpr std::array all_service_options = {
    service_option{"id",
                   [](services::service_options& to, std::string_view text) {
                     return set_field(text, to.definition.id_field);
                   }},
    service_option{"key",
                   [](services::service_options& to, std::string_view text) {
                     return set_field(text, to.definition.key_field);
                   }},
    service_option{"start-id",
                   [](services::service_options& to, std::string_view text) {
                     return set_number(text, 0, most, to.definition.start_id);
                   }},
    service_option{"multi", [](services::service_options& to,
                               std::string_view text) { return set_switch(text, to.multi); }},
    service_option{"delivery",
                   [](services::service_options& to, std::string_view text) {
                     return set_delivery(text, to.deliver);
                   }},
    service_option{"paginate-default",
                   [](services::service_options& to, std::string_view text) {
                     return set_number(text, 1, 100'000, to.paginate_default);
                   }},
    service_option{"paginate-max",
                   [](services::service_options& to, std::string_view text) {
                     return set_number(text, 1, 100'000, to.paginate_max);
                   }},
    service_option{"keep-events",
                   [](services::service_options& to, std::string_view text) {
                     return set_number(text, 0, most, to.definition.keep.max_events);
                   }},
    service_option{"keep-seconds",
                   [](services::service_options& to, std::string_view text) {
                     return set_number(text, 0, most / 1'000'000'000, to.definition.keep.max_age);
                   }},
    service_option{"keep-bytes",
                   [](services::service_options& to, std::string_view text) {
                     return set_number(text, 0, most, to.definition.keep.max_bytes);
                   }},
};

}  // namespace

std::span<const option> options() {
  return all_options;
}

std::span<const service_option> service_options() {
  return all_service_options;
}

}  // namespace flowcast::settings
