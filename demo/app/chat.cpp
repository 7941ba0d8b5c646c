#include "app/chat.hpp"

#include <string>
#include <utility>

#include "app/clock.hpp"

namespace flowcast::demo {
namespace {

using nlohmann::json;

constexpr const char* room_name = "Chat.Room";
constexpr const char* message_name = "Chat.Message";
constexpr std::uint16_t room_entity_number = 120;
constexpr std::uint16_t message_entity_number = 121;
constexpr const char* seat_name = "Chat.Seat";
constexpr std::uint16_t seat_entity_number = 125;
constexpr std::size_t longest_text = 1000;

entity room_entity() {
  return {.name = room_name,
          .number = room_entity_number,
          .attributes = {{"Name", attribute_type::string, "", {}},
                         {"Topic", attribute_type::string, "", {}},
                         {"Messages", attribute_type::integer, 0, {}}}};
}

entity message_entity() {
  // `Room` plays an association: it holds the room's GUID.
  return {.name = message_name,
          .number = message_entity_number,
          .attributes = {{"Room", attribute_type::string, "", {}},
                         {"Number", attribute_type::integer, nullptr, {}},
                         {"Author", attribute_type::string, "", {}},
                         {"Text", attribute_type::string, "", {}},
                         {"ClientId", attribute_type::string, "", {}},
                         {"SentOn", attribute_type::date_time, nullptr, {}}}};
}

/// Not persistable: it is made by a page, and gone with it. `Room` holds the room's GUID.
entity seat_entity() {
  return {.name = seat_name,
          .number = seat_entity_number,
          .attributes = {{"Room", attribute_type::string, "", {}},
                         {"Present", attribute_type::integer, 0, {}},
                         {"PresentNames", attribute_type::string, "", {}},
                         {"Typing", attribute_type::boolean, false, {}},
                         {"TypingNames", attribute_type::string, "", {}}}};
}

struct room_seed {
  const char* name;
  const char* topic;
  const char* author;
  const char* text;
};

constexpr room_seed rooms[] = {
    {"Workshop", "Machines, parts and shifts", "Chris", "The coating line is back up."},
    {"Dispatch", "What leaves when", "Dana", "The truck for Utrecht leaves at four."},
    {"Front desk", "Visitors and calls", "Chris", "Two visitors for the ten o’clock meeting."}};

object make_message(const database& data, object made, const object& room, std::string author,
                    std::string text) {
  made.type = data.find_entity(message_name);
  made.attributes["Room"] = to_string(room.id);
  made.attributes["Number"] = room.get("Messages");
  made.attributes["Author"] = std::move(author);
  made.attributes["Text"] = std::move(text);
  made.attributes["SentOn"] = date_time_now();
  return made;
}

void fill(database& data) {
  for (const auto& seed : rooms) {
    auto room = data.instantiate(*data.find_entity(room_name));
    room.attributes["Name"] = seed.name;
    room.attributes["Topic"] = seed.topic;
    room.attributes["Messages"] = 1;
    data.write(room);
    data.write(make_message(data, data.instantiate(*data.find_entity(message_name)), room,
                            seed.author, seed.text));
  }
}

std::string text_argument(const microflow_context& context, const char* name) {
  const auto found = context.arguments.find(name);
  return found != context.arguments.end() && found->second.is_string()
             ? found->second.get<std::string>()
             : std::string();
}

bool is_known(const microflow_context& context, const std::string& client_id) {
  query same;
  same.entity = message_name;
  same.equals = {"ClientId", client_id};
  return !client_id.empty() && context.retrieve(same).total > 0;
}

std::optional<std::string> send(microflow_context& context, const database& data,
                                const app_settings& settings) {
  if (context.parameters.size() != 1) {
    return "a message needs a room";
  }
  auto room = context.find(context.parameters.front());
  if (!room || room->type->name != room_name) {
    return "the room does not exist any more";
  }
  auto text = text_argument(context, "Text");
  if (text.empty() || text.size() > longest_text) {
    return "a message has between 1 and " + std::to_string(longest_text) + " bytes";
  }
  auto client_id = text_argument(context, "ClientId");
  if (!is_known(context, client_id)) {
    room->attributes["Messages"] = room->get("Messages").get<std::int64_t>() + 1;
    context.commit(*room);
    auto message =
        make_message(data, *context.create(message_name), *room, context.user(), std::move(text));
    message.attributes["ClientId"] = std::move(client_id);
    context.commit(message);
  }
  context.refresh_lists(message_name);
  // Also for one that is known: whether the answer or the publication was lost is not known.
  context.call_in_background({"/" + settings.service, {{"text", to_string(room->id)}}});
  return std::nullopt;
}

std::optional<std::string> refresh(microflow_context& context) {
  for (const guid id : context.parameters) {
    context.refresh_in_client(id);
  }
  context.refresh_lists(message_name);
  return std::nullopt;
}

}  // namespace

void add_chat(database& data, xas& runtime, const app_settings& settings) {
  data.add(room_entity());
  data.add(message_entity());
  data.add(seat_entity());
  fill(data);
  runtime.add("Chat.ACT_Message_Send", [&data, &settings](microflow_context& context) {
    return send(context, data, settings);
  });
  runtime.add("Chat.ACT_Room_Refresh", refresh);
}

}  // namespace flowcast::demo
