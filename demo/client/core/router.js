import { address } from "./options.js";
import { pageAt, pageNamed } from "./pages.js";

export function currentPage() {
  const [, , path, guid] = location.pathname.split("/");
  return { page: pageAt(path).name, guid };
}

export function pathOf(client, page, guid) {
  const { path } = pageNamed(page);
  return address(guid ? `/${client}/${path}/${guid}` : `/${client}/${path}`);
}

/** Goes on to another record on the same page. */
export function stayWith(guid) {
  const [, client, path] = location.pathname.split("/");
  history.replaceState(null, "", `/${client}/${path}/${guid}${location.search}`);
}
