#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "runtime/database.hpp"
#include "runtime/microflow.hpp"

namespace flowcast::demo {

/// The door that pages knock on, shaped like the one of a Mendix runtime: a POST of
/// `{"action", "params", "objects", "changes", "user"}`, where `objects` and `changes` are what the
/// page holds and has not committed. The actions:
///
/// - `get_session_data`: answers the user, constants and the domain model;
/// - `retrieve_by_ids` with `ids`;
/// - `retrieve` with `entity`, and any of `id`, `attribute` and `value`, `sort`, `offset` and
///   `amount`: answers `{"ids", "total"}`;
/// - `instantiate` with `objecttype`: answers the new GUID;
/// - `executeaction` with `actionname`, `guids`, `arguments`: answers what the microflow returned.
///
/// The answer is in `actionResult`. Objects travel in `objects`. Microflows are C++ functions
/// registered by name. sans-IO: it answers at once; what a microflow wants to send comes back with
/// the answer. One thread.
class xas {
 public:
  /// @param constants  of the app, that pages may read: a JSON object
  xas(database& data, nlohmann::json constants) : data_(data), constants_(std::move(constants)) {}

  void add(std::string name, microflow flow);

  struct answer {
    nlohmann::json body;  ///< `{"type": "exception", "description": …}` when `failed`
    bool failed = false;
    std::string microflow;         ///< the name of the microflow that ran, or empty
    std::vector<rest_call> calls;  ///< to be sent now that the transaction has ended
  };

  /// Answers a request. Input that makes no sense gets an answer that says so, and changes nothing.
  [[nodiscard]] answer handle(std::string_view request);

 private:
  [[nodiscard]] answer retrieve(const nlohmann::json& params) const;
  [[nodiscard]] answer retrieve_by_ids(const nlohmann::json& params) const;
  [[nodiscard]] answer instantiate(const nlohmann::json& params);
  [[nodiscard]] answer session_data(const nlohmann::json& request) const;
  [[nodiscard]] answer execute(const nlohmann::json& request);

  database& data_;
  nlohmann::json constants_;
  std::map<std::string, microflow, std::less<>> microflows_;
};

}  // namespace flowcast::demo
