import { address } from "./options.js";

/** The app's pages by the last part of their address: `/dojo/orders`, `/dojo/order/<GUID>`. */
const paths = { orders: "Orders.Order_Overview", order: "Orders.Order_NewEdit", about: "Orders.About" };

export function currentPage() {
  const [, , name, guid] = location.pathname.split("/");
  return { page: paths[name] || paths.orders, guid };
}

export function pathOf(client, page, guid) {
  const name = Object.keys(paths).find((key) => paths[key] === page);
  return address(guid ? `/${client}/${name}/${guid}` : `/${client}/${name}`);
}
