/**
 * One field of a record, as text. The record is read as it came and not through JSON.parse, which rounds numbers past
 * 2^53: a GUID that was published as a number stays exact.
 * @param {string} record  a JSON object, already checked by the core
 * @param {string} field   of its top level
 * @returns {string} a text without its quotes; anything else as JSON; "" where there is no such field, or it is null
 */
export function recordField(record, field) {
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g;
  let depth = 0;
  let name = "";
  let start = -1;
  for (let match; (match = token.exec(record)); ) {
    const text = match[0];
    const closes = text === "}" || text === "]";
    if (depth === 1 && start >= 0 && (text === "," || closes)) return asText(record.slice(start, match.index).trim());
    if (text === "{" || text === "[") depth++;
    else if (closes) depth--;
    else if (depth === 1 && text === ":" && start < 0 && name === field) start = token.lastIndex;
    else if (depth === 1 && text[0] === '"' && start < 0) name = JSON.parse(text);
  }
  return "";
}

function asText(json) {
  if (json[0] === '"') return JSON.parse(json);
  return json === "null" ? "" : json;
}

/** What an action or attribute gets of an event: the whole record, or the field that was chosen. */
export function payloadOf(event, field) {
  if (event.missed) return "";
  return field ? recordField(event.payload, field) : event.payload;
}
