#pragma once

#include "app/app_settings.hpp"
#include "runtime/database.hpp"
#include "runtime/xas.hpp"

namespace flowcast::demo {

/// The module Orders: its domain model, a few orders to start with, and its microflows.
///
/// - `Orders.ACT_Order_Save` commits the order and, after the transaction, publishes its GUID.
/// - `Orders.ACT_Order_Refresh` shows what the database has, as a page's refresh microflow.
/// - `Orders.ACT_Order_RefreshOther` does the same: to see that a page follows its settings.
/// - `Orders.ACT_Order_Tell` shows what it was called with, by name.
/// - `Orders.ACT_Order_SaveAndClose` saves, and closes the page.
/// - `Orders.ACT_Order_Delete` removes the order, publishes its GUID, and closes the page.
/// - `Orders.ACT_Order_RefreshList` lets lists of orders be retrieved again. A save of a new order,
/// and
///   a delete, publish the key `Orders.Order` for whoever shows such a list.
void add_orders(database& data, xas& runtime, const app_settings& settings);

}  // namespace flowcast::demo
