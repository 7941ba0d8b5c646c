#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "runtime/database.hpp"
#include "runtime/guid.hpp"
#include "runtime/object.hpp"

namespace flowcast::demo {

/// An HTTP POST of JSON that a microflow asks for with a task queue: it is sent after the
/// transaction, so that whoever it wakes can read what was committed.
struct rest_call {
  std::string path;  ///< at the Flowcast server, such as `/microflow`
  nlohmann::json body;
  bool logged = true;  ///< whether the log tells of it: not where there are many a second
};

/// What a microflow works with while it runs: its parameter, and the transaction that its changes
/// are part of until the outermost microflow ends. It lives as long as one call.
class microflow_context {
 public:
  microflow_context(database& data, std::string user) : data_(data), user_(std::move(user)) {}

  [[nodiscard]] const std::string& user() const { return user_; }

  /// An object that the page made, and the database does not know yet.
  void bring(object o) { objects_.insert_or_assign(o.id, std::move(o)); }

  /// A change that the page made, and that is not committed yet. False when there is no such
  /// object, or it cannot have that value.
  [[nodiscard]] bool bring(guid id, const std::string& attribute_name, const nlohmann::json& value);

  /// An object as this microflow sees it: as the page holds it, else as the database has it.
  [[nodiscard]] std::optional<object> find(guid id) const;

  /// An object as the database has it, whatever the page holds.
  [[nodiscard]] std::optional<object> retrieve(guid id) const { return data_.find(id); }
  [[nodiscard]] database::page retrieve(const query& q) const { return data_.retrieve(q); }

  [[nodiscard]] std::optional<object> create(std::string_view entity_name);

  void commit(const object& o, bool refresh_in_client = true);
  void remove(guid id);

  /// Lets the page show what the database has: also that it has the object no more. What the user
  /// changed and has not saved stays as it is.
  void refresh_in_client(guid id);

  /// The same, and takes the page's changes back.
  void roll_back(guid id);

  void call_in_background(rest_call call) { calls_.push_back(std::move(call)); }
  void show_message(std::string text) { say({{"type", "show_message"}, {"text", text}}); }
  void close_page() { say({{"type", "close_form"}}); }
  /// Lets the page's lists of an entity be retrieved again.
  void refresh_lists(std::string entity_name);

  /// What the microflow was called with beside its parameter object, by name.
  std::map<std::string, nlohmann::json> arguments;
  /// The object, or the selection, that the microflow was called on.
  std::vector<guid> parameters;

  /// What the microflow returns, such as a String; null for nothing.
  nlohmann::json result;

  /// Ends the transaction: what was committed is in the database from here on. Returns what the
  /// page is to do: `{"actionResult", "objects", "changes", "instructions"}`, where `changes` are
  /// those of the objects that stay uncommitted.
  [[nodiscard]] nlohmann::json end();

  /// What is to be sent, now that the transaction has ended.
  [[nodiscard]] const std::vector<rest_call>& calls() const { return calls_; }

 private:
  void say(nlohmann::json instruction) { instructions_.push_back(std::move(instruction)); }

  database& data_;
  std::string user_;
  std::map<guid, object> objects_;
  std::map<guid, nlohmann::json> changes_;  ///< the page's, by attribute
  std::map<guid, object> committed_;
  std::vector<guid> removed_;
  std::map<guid, object> to_client_;
  std::vector<rest_call> calls_;
  nlohmann::json instructions_ = nlohmann::json::array();
};

/// A microflow: does its work on the context, and returns why it could not, or nothing.
using microflow = std::function<std::optional<std::string>(microflow_context&)>;

}  // namespace flowcast::demo
