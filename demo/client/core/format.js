/** An attribute as a reader sees it. */
export function display(object, name) {
  const raw = object.raw(name);
  if (raw === null || raw === "") return "";
  switch (object.getAttributeType(name)) {
    case "DateTime":
      return new Date(raw).toLocaleTimeString();
    case "Decimal":
      return Number(raw).toLocaleString(undefined, { minimumFractionDigits: 2 });
    default:
      return String(raw);
  }
}

/** What became of a record lately, in words. */
export function lastChange(object) {
  const by = object.raw("ChangedBy");
  return by ? `Saved by ${by} at ${display(object, "ChangedOn")}` : "Not changed yet";
}
