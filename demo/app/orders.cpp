#include "app/orders.hpp"

#include <string>
#include <utility>

#include "app/clock.hpp"

namespace flowcast::demo {
namespace {

using nlohmann::json;

constexpr std::uint16_t order_entity_number = 117;
constexpr const char* order_name = "Orders.Order";

entity order_entity() {
  const std::vector<std::string> statuses{"Open", "Confirmed", "Shipped", "Delivered", "Cancelled"};
  return {.name = order_name,
          .number = order_entity_number,
          .attributes = {{"Number", attribute_type::integer, nullptr, {}},
                         {"Customer", attribute_type::string, "", {}},
                         {"Product", attribute_type::string, "", {}},
                         {"Quantity", attribute_type::integer, 1, {}},
                         {"Price", attribute_type::decimal, "0", {}},
                         {"Status", attribute_type::enumeration, "Open", statuses},
                         {"Note", attribute_type::string, "", {}},
                         {"ChangedBy", attribute_type::string, "", {}},
                         {"ChangedOn", attribute_type::date_time, nullptr, {}}}};
}

struct seed {
  const char* customer;
  const char* product;
  int quantity;
  const char* price;
  const char* status;
};

constexpr seed seeds[] = {{"Van Dijk Bicycles", "Touring frame, 56 cm", 12, "389.00", "Open"},
                          {"Harbour & Sons", "Marine rope, 20 m", 40, "24.50", "Confirmed"},
                          {"Studio Lindqvist", "Desk lamp, brass", 6, "119.95", "Open"},
                          {"Okafor Catering", "Steel trays, set of 10", 8, "72.00", "Shipped"},
                          {"Blue Hen Bakery", "Rye flour, 25 kg", 30, "31.20", "Delivered"},
                          {"Moreau Optics", "Lens cloths, box", 15, "18.75", "Open"},
                          {"Tanaka Instruments", "Piano wire, coil", 4, "64.10", "Confirmed"},
                          {"Aster Garden Centre", "Terracotta pots, 30 cm", 120, "7.85", "Open"}};

void fill(database& data) {
  const entity& type = *data.find_entity(order_name);
  int number = 1001;
  for (const auto& s : seeds) {
    auto order = data.instantiate(type);
    order.attributes["Number"] = number++;
    order.attributes["Customer"] = s.customer;
    order.attributes["Product"] = s.product;
    order.attributes["Quantity"] = s.quantity;
    order.attributes["Price"] = s.price;
    order.attributes["Status"] = s.status;
    data.write(order);
  }
}

std::int64_t next_number(const microflow_context& context) {
  query latest;
  latest.entity = order_name;
  latest.sort = {{"Number", false}};
  latest.amount = 1;
  const auto found = context.retrieve(latest);
  const json last = found.objects.empty() ? json() : found.objects.front().get("Number");
  return last.is_number_integer() ? last.get<std::int64_t>() + 1 : 1001;
}

/// Tells whoever shows the order. The entity's name is the key of whoever shows a list of orders.
void publish(microflow_context& context, guid order, bool changes_lists,
             const app_settings& settings) {
  const json key = settings.numeric_guid ? json(order.value) : json(to_string(order));
  context.call_in_background({"/" + settings.service, {{"text", key}}});
  if (changes_lists) {
    context.call_in_background({"/" + settings.service, {{"text", order_name}}});
  }
}

std::optional<std::string> save(microflow_context& context, const app_settings& settings) {
  for (const guid id : context.parameters) {
    auto order = context.find(id);
    if (!order) {
      return "the order does not exist any more";
    }
    if (order->get("Customer") == json("")) {
      return "an order needs a customer";
    }
    const bool is_new = order->get("Number").is_null();
    if (is_new) {
      order->attributes["Number"] = next_number(context);
    }
    order->attributes["ChangedBy"] = context.user();
    order->attributes["ChangedOn"] = date_time_now();
    context.commit(*order);
    publish(context, id, is_new, settings);
  }
  return std::nullopt;
}

std::optional<std::string> refresh(microflow_context& context) {
  for (const guid id : context.parameters) {
    context.refresh_in_client(id);
  }
  return std::nullopt;
}

/// Shows what an action of the widget was called with.
std::optional<std::string> tell(microflow_context& context) {
  std::string told;
  for (const auto& [name, value] : context.arguments) {
    told += (told.empty() ? "" : ", ") + name + ": " +
            (value.is_string() ? value.get<std::string>() : value.dump());
  }
  context.show_message(told);
  return std::nullopt;
}

std::optional<std::string> remove(microflow_context& context, const app_settings& settings) {
  for (const guid id : context.parameters) {
    context.remove(id);
    publish(context, id, true, settings);
  }
  context.close_page();
  return std::nullopt;
}

}  // namespace

void add_orders(database& data, xas& runtime, const app_settings& settings) {
  data.add(order_entity());
  fill(data);
  runtime.add("Orders.ACT_Order_Save",
              [&settings](microflow_context& context) { return save(context, settings); });
  runtime.add("Orders.ACT_Order_SaveAndClose", [&settings](microflow_context& context) {
    auto wrong = save(context, settings);
    if (!wrong) {
      context.close_page();
    }
    return wrong;
  });
  runtime.add("Orders.ACT_Order_Refresh", refresh);
  runtime.add("Orders.ACT_Order_RefreshOther", refresh);
  runtime.add("Orders.ACT_Order_Tell", tell);
  runtime.add("Orders.ACT_Order_RefreshList", [](microflow_context& context) {
    context.refresh_lists(order_name);
    return std::optional<std::string>{};
  });
  runtime.add("Orders.ACT_Order_Delete",
              [&settings](microflow_context& context) { return remove(context, settings); });
}

}  // namespace flowcast::demo
