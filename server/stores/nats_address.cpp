#include "stores/nats_address.hpp"

#include <stdexcept>

#include "protocol/decimal.hpp"

namespace flowcast::stores {

namespace {

constexpr std::string_view form =
    "nats:nats://HOST:PORT[,nats://HOST:PORT…][?stream=NAME&view=PATH&replicas=N]";

[[noreturn]] void refuse(const std::string& why) {
  throw std::runtime_error("The address of the NATS store is not right: " + why + ". Its form is " +
                           std::string(form));
}

void take(nats_address& into, std::string_view name, std::string_view value) {
  if (value.empty()) {
    refuse("'" + std::string(name) + "' has no value");
  }
  if (name == "stream") {
    // What NATS allows in the name of a stream.
    if (value.find_first_of(".*>/\\ \t\r\n") != std::string_view::npos) {
      refuse("a stream's name has no dots, spaces, slashes or wildcards");
    }
    into.stream = value;
  } else if (name == "view") {
    into.view = value;
  } else if (name == "replicas") {
    const auto replicas = protocol::whole_number<int>(value);
    if (!replicas || *replicas < 1 || *replicas > 5) {
      refuse("'replicas' is a number from 1 to 5");
    }
    into.replicas = *replicas;
  } else {
    refuse("'" + std::string(name) + "' is not known");
  }
}

}  // namespace

nats_address nats_address::parse(std::string_view text) {
  nats_address address;
  const std::size_t question = text.find('?');
  address.urls = text.substr(0, question);
  if (address.urls.empty()) {
    refuse("it names no server");
  }
  text.remove_prefix(question == std::string_view::npos ? text.size() : question + 1);
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::size_t equals = part.find('=');
    take(address, part.substr(0, equals),
         equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1));
  }
  return address;
}

}  // namespace flowcast::stores
