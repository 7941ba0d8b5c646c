#include "runtime/xas.hpp"

#include <algorithm>
#include <utility>

namespace flowcast::demo {
namespace {

using nlohmann::json;

xas::answer failure(std::string description) {
  return {.body = {{"type", "exception"}, {"description", std::move(description)}},
          .failed = true,
          .microflow = {},
          .calls = {}};
}

xas::answer success(json body) {
  return {.body = std::move(body), .failed = false, .microflow = {}, .calls = {}};
}

/// The member of this name, or an empty value of the kind that was asked for.
json member(const json& from, const char* name, json::value_t kind) {
  const auto found = from.find(name);
  return found != from.end() && found->type() == kind ? *found : json(kind);
}

std::string text(const json& from, const char* name) {
  return member(from, name, json::value_t::string).get<std::string>();
}

json list(const json& from, const char* name) {
  return member(from, name, json::value_t::array);
}
json map(const json& from, const char* name) {
  return member(from, name, json::value_t::object);
}

std::optional<guid> as_guid(const json& value) {
  return value.is_string() ? parse_guid(value.get_ref<const std::string&>()) : std::nullopt;
}

std::size_t count(const json& from, const char* name, std::size_t otherwise) {
  const auto found = from.find(name);
  return found != from.end() && found->is_number_unsigned() ? found->get<std::size_t>() : otherwise;
}

/// Puts the page's objects and changes into the context. Returns what is wrong with them, if
/// anything is.
std::optional<std::string> bring(const json& request, const database& data,
                                 microflow_context& context) {
  for (const auto& sent : list(request, "objects")) {
    const entity* const type =
        sent.is_object() ? data.find_entity(text(sent, "objectType")) : nullptr;
    const auto id = sent.is_object() ? as_guid(sent.value("guid", json())) : std::nullopt;
    if (type == nullptr || !id) {
      return "An object needs the name of an entity and a GUID";
    }
    object o{*id, type, {}};
    for (const auto& a : type->attributes) {
      o.attributes.emplace(a.name, a.default_value);
    }
    context.bring(std::move(o));
  }
  const auto changes = map(request, "changes");
  for (const auto& [key, changed] : changes.items()) {
    const auto id = parse_guid(key);
    if (!id || !context.find(*id) || !changed.is_object()) {
      return "Changes of an object that does not exist: " + key;
    }
    for (const auto& [name, value] : changed.items()) {
      if (!context.bring(*id, name, value)) {
        return "Attribute '" + name + "' cannot be " + value.dump();
      }
    }
  }
  return std::nullopt;
}

}  // namespace

void xas::add(std::string name, microflow flow) {
  microflows_.emplace(std::move(name), std::move(flow));
}

xas::answer xas::handle(std::string_view request) {
  const auto parsed = json::parse(request, nullptr, false);
  if (!parsed.is_object()) {
    return failure("The request is not a JSON object");
  }
  const auto action = text(parsed, "action");
  const auto params = map(parsed, "params");
  if (action == "executeaction") {
    return execute(parsed);
  }
  if (action == "retrieve") {
    return retrieve(params);
  }
  if (action == "retrieve_by_ids") {
    return retrieve_by_ids(params);
  }
  if (action == "instantiate") {
    return instantiate(params);
  }
  if (action == "get_session_data") {
    return session_data(parsed);
  }
  return failure("There is no action '" + action + "'");
}

xas::answer xas::retrieve(const json& params) const {
  query wanted;
  wanted.entity = text(params, "entity");
  const entity* const type = data_.find_entity(wanted.entity);
  if (type == nullptr) {
    return failure("There is no entity '" + wanted.entity + "'");
  }
  if (params.contains("id")) {
    wanted.id = as_guid(params["id"]);
    if (!wanted.id) {
      return failure("An id must be a GUID as a string of digits");
    }
  }
  if (const auto name = text(params, "attribute"); !name.empty()) {
    wanted.equals = {name, params.value("value", json())};
  }
  for (const auto& item : list(params, "sort")) {
    if (item.is_array() && !item.empty() && item[0].is_string()) {
      wanted.sort.push_back(
          {item[0].get<std::string>(), item.size() < 2 || item[1] != json("desc")});
    }
  }
  wanted.offset = count(params, "offset", wanted.offset);
  wanted.amount = count(params, "amount", wanted.amount);

  const auto found = data_.retrieve(wanted);
  auto ids = json::array();
  auto objects = json::array();
  for (const auto& o : found.objects) {
    ids.push_back(to_string(o.id));
    objects.push_back(to_json(o));
  }
  return success({{"actionResult", {{"ids", std::move(ids)}, {"total", found.total}}},
                  {"objects", std::move(objects)}});
}

xas::answer xas::retrieve_by_ids(const json& params) const {
  auto objects = json::array();
  for (const auto& id : list(params, "ids")) {
    const auto known = as_guid(id);
    if (const auto found = known ? data_.find(*known) : std::nullopt) {
      objects.push_back(to_json(*found));
    }
  }
  return success({{"objects", std::move(objects)}});
}

xas::answer xas::instantiate(const json& params) {
  const auto name = text(params, "objecttype");
  const entity* const type = data_.find_entity(name);
  if (type == nullptr) {
    return failure("There is no entity '" + name + "'");
  }
  const auto created = data_.instantiate(*type);
  return success(
      {{"actionResult", to_string(created.id)}, {"objects", json::array({to_json(created)})}});
}

xas::answer xas::session_data(const json& request) const {
  auto model = json::object();
  for (const auto& [name, type] : data_.entities()) {
    auto attributes = json::object();
    for (const auto& a : type.attributes) {
      attributes[a.name] = {{"type", to_string(a.type)}};
      if (a.type == attribute_type::enumeration) {
        attributes[a.name]["values"] = a.values;
      }
    }
    model[name] = {{"attributes", std::move(attributes)}};
  }
  return success({{"actionResult",
                   {{"user", text(request, "user")},
                    {"constants", constants_},
                    {"entities", std::move(model)}}}});
}

xas::answer xas::execute(const json& request) {
  const auto params = map(request, "params");
  const auto name = text(params, "actionname");
  const auto flow = microflows_.find(name);
  if (flow == microflows_.end()) {
    return failure("There is no microflow '" + name + "'");
  }
  microflow_context context(data_, text(request, "user"));
  if (auto wrong = bring(request, data_, context)) {
    return failure(std::move(*wrong));
  }
  for (const auto& id : list(params, "guids")) {
    const auto known = as_guid(id);
    if (!known) {
      return failure("A parameter must be a GUID as a string of digits");
    }
    context.parameters.push_back(*known);
  }
  context.arguments = map(params, "arguments").get<std::map<std::string, json>>();

  if (auto wrong = flow->second(context)) {
    // The transaction is not ended, so nothing of it reaches the database.
    auto failed = failure(name + ": " + *wrong);
    failed.microflow = name;
    return failed;
  }
  auto done = success(context.end());
  done.microflow = name;
  done.calls = context.calls();
  return done;
}

}  // namespace flowcast::demo
