/**
 * The app's pages: the last part of their address, as in `/dojo/orders` or `/react/order/<GUID>`, their place in the
 * menu, and what the first page says of them.
 */
export const pages = [
  {
    path: "orders",
    name: "Orders.Order_Overview",
    menu: "Orders",
    says: "A grid and a form. Save in one window: the other one’s form follows, and in its grid the one row that changed.",
  },
  { path: "order", name: "Orders.Order_NewEdit", within: "orders" },
  {
    path: "dashboard",
    name: "Live.Dashboard",
    menu: "Dashboard",
    says: "Up to a thousand changes a second, all of them delivered, and two refreshes a second: nothing stampedes.",
  },
  {
    path: "form",
    name: "Planning.Visit_Shared",
    menu: "Shared form",
    says: "Two people edit one record. Nobody is overwritten: both are told who changed what, and choose field by field.",
  },
  {
    path: "locking",
    name: "Planning.Visit_Locked",
    menu: "Locking",
    says: "One edits, the other sees who holds the record. A window that crashes keeps its lease until it runs out.",
  },
  {
    path: "chat",
    name: "Chat.Rooms",
    menu: "Chat",
    says: "Rooms and messages. What was said while a window was away is there when it comes back, and so is what it said.",
  },
  { path: "about", name: "Orders.About", menu: "How it is built" },
];

export const pageAt = (path) => pages.find((page) => page.path === path) || pages[0];
export const pageNamed = (name) => pages.find((page) => page.name === name);
