#include "app/planning.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "app/clock.hpp"

namespace flowcast::demo {
namespace {

using nlohmann::json;

constexpr const char* visit_name = "Planning.Visit";
constexpr const char* change_name = "Planning.FieldChange";
constexpr std::uint16_t visit_entity_number = 122;
constexpr const char* desk_name = "Planning.Desk";
constexpr std::uint16_t change_entity_number = 123;
constexpr std::uint16_t desk_entity_number = 124;

/// The attributes that people edit.
constexpr const char* fields[] = {"Customer", "Address", "Technician",  "Day",
                                  "Slot",     "Parts",   "Instructions"};

entity visit_entity() {
  return {.name = visit_name,
          .number = visit_entity_number,
          .attributes = {
              {"Number", attribute_type::integer, nullptr, {}},
              {"Customer", attribute_type::string, "", {}},
              {"Address", attribute_type::string, "", {}},
              {"Technician", attribute_type::string, "", {}},
              {"Day",
               attribute_type::enumeration,
               "Monday",
               {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"}},
              {"Slot", attribute_type::enumeration, "Morning", {"Morning", "Afternoon", "Evening"}},
              {"Parts", attribute_type::string, "", {}},
              {"Instructions", attribute_type::string, "", {}},
              {"Version", attribute_type::integer, 1, {}},
              {"ChangedBy", attribute_type::string, "", {}},
              {"ChangedOn", attribute_type::date_time, nullptr, {}}}};
}

entity change_entity() {
  // `Visit` plays an association: it holds the visit's GUID.
  return {.name = change_name,
          .number = change_entity_number,
          .attributes = {{"Visit", attribute_type::string, "", {}},
                         {"Version", attribute_type::integer, nullptr, {}},
                         {"Field", attribute_type::string, "", {}},
                         {"Before", attribute_type::string, "", {}},
                         {"After", attribute_type::string, "", {}},
                         {"ChangedBy", attribute_type::string, "", {}},
                         {"ChangedOn", attribute_type::date_time, nullptr, {}}}};
}

/// Not persistable: it is made by a page, and gone with it. `Visit` holds the visit's GUID.
entity desk_entity() {
  return {.name = desk_name,
          .number = desk_entity_number,
          .attributes = {{"Visit", attribute_type::string, "", {}},
                         {"Editing", attribute_type::boolean, false, {}},
                         {"LockedBy", attribute_type::string, "", {}},
                         {"LockedByMe", attribute_type::boolean, false, {}},
                         {"Lease", attribute_type::string, "", {}},
                         {"Present", attribute_type::integer, 0, {}},
                         {"PresentNames", attribute_type::string, "", {}},
                         {"EditingNames", attribute_type::string, "", {}}}};
}

struct seed {
  const char* customer;
  const char* address;
  const char* technician;
  const char* parts;
  const char* instructions;
};

constexpr seed seeds[] = {
    {"Blue Hen Bakery", "Mill Lane 4, Ghent", "Sofie", "Oven seal, 2 m",
     "Ring at the back door before seven."},
    {"Moreau Optics", "Rue des Lilas 12, Lille", "Karim", "Spindle bearing",
     "The lens grinder hums above 4,000 rpm."},
    {"Harbour & Sons", "Quay 9, Ostend", "Sofie", "Winch motor", "Bring the long ladder."}};

void fill(database& data) {
  int number = 501;
  for (const auto& s : seeds) {
    auto visit = data.instantiate(*data.find_entity(visit_name));
    visit.attributes["Number"] = number++;
    visit.attributes["Customer"] = s.customer;
    visit.attributes["Address"] = s.address;
    visit.attributes["Technician"] = s.technician;
    visit.attributes["Parts"] = s.parts;
    visit.attributes["Instructions"] = s.instructions;
    data.write(visit);
  }
}

std::int64_t integer(const json& value) {
  return value.is_number_integer() ? value.get<std::int64_t>() : 0;
}

std::int64_t base_version(const microflow_context& context, const object& stored) {
  const auto found = context.arguments.find("BaseVersion");
  return found == context.arguments.end() ? integer(stored.get("Version")) : integer(found->second);
}

/// Who changed a field after a version, if anyone did.
std::optional<std::string> changed_since(const microflow_context& context, guid visit,
                                         const char* field, std::int64_t version) {
  query changes;
  changes.entity = change_name;
  changes.equals = {"Visit", to_string(visit)};
  changes.sort = {{"Version", false}};
  const auto found = context.retrieve(changes);
  for (const auto& change : found.objects) {
    if (integer(change.get("Version")) > version && change.get("Field") == json(field)) {
      return change.get("ChangedBy").get<std::string>();
    }
  }
  return std::nullopt;
}

void record(microflow_context& context, const object& visit, const object& stored,
            const char* field) {
  auto change = *context.create(change_name);
  change.attributes["Visit"] = to_string(visit.id);
  change.attributes["Version"] = visit.get("Version");
  change.attributes["Field"] = field;
  change.attributes["Before"] = stored.get(field);
  change.attributes["After"] = visit.get(field);
  change.attributes["ChangedBy"] = context.user();
  change.attributes["ChangedOn"] = visit.get("ChangedOn");
  context.commit(change, false);
}

std::optional<std::string> save(microflow_context& context, const app_settings& settings) {
  for (const guid id : context.parameters) {
    auto visit = context.find(id);
    const auto stored = context.retrieve(id);
    if (!visit || !stored || visit->type->name != visit_name) {
      return "the visit does not exist any more";
    }
    const auto seen = base_version(context, *stored);
    std::vector<const char*> changed;
    for (const char* const field : fields) {
      if (visit->get(field) == stored->get(field)) {
        continue;
      }
      if (const auto who = changed_since(context, id, field, seen)) {
        return *who + " has changed " + field +
               " meanwhile: choose which value to keep, and save again";
      }
      changed.push_back(field);
    }
    if (visit->get("Customer") == json("")) {
      return "a visit needs a customer";
    }
    visit->attributes["Version"] = integer(stored->get("Version")) + (changed.empty() ? 0 : 1);
    if (!changed.empty()) {
      visit->attributes["ChangedBy"] = context.user();
      visit->attributes["ChangedOn"] = date_time_now();
    }
    for (const char* const field : changed) {
      record(context, *visit, *stored, field);
    }
    context.commit(*visit);
    context.refresh_lists(change_name);
    context.call_in_background({"/" + settings.service, {{"text", to_string(id)}}});
  }
  return std::nullopt;
}

std::optional<std::string> refresh(microflow_context& context) {
  for (const guid id : context.parameters) {
    context.refresh_in_client(id);
  }
  context.refresh_lists(change_name);
  return std::nullopt;
}

/// Refreshes the visits that desks name.
std::optional<std::string> refresh_of_desk(microflow_context& context) {
  for (guid& id : context.parameters) {
    const auto desk = context.find(id);
    const auto visit = desk && desk->type->name == desk_name
                           ? parse_guid(desk->get("Visit").get_ref<const std::string&>())
                           : std::nullopt;
    if (!visit) {
      return "there is no visit on this desk";
    }
    id = *visit;
  }
  return refresh(context);
}

}  // namespace

void add_planning(database& data, xas& runtime, const app_settings& settings) {
  data.add(visit_entity());
  data.add(change_entity());
  data.add(desk_entity());
  fill(data);
  runtime.add("Planning.ACT_Visit_Save",
              [&settings](microflow_context& context) { return save(context, settings); });
  runtime.add("Planning.ACT_Visit_Refresh", refresh);
  runtime.add("Planning.ACT_Desk_Refresh", refresh_of_desk);
}

}  // namespace flowcast::demo
