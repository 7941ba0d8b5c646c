/**
 * A small part of Mendix's expressions, enough for widget properties: `'text'`, `@Module.Constant`, numbers, `true`,
 * `false`, `empty`, `$currentObject/Attribute`, `$currentUser/Name`, `$variable`, `toString(…)`, and `+`.
 * @param {{constants: object, user?: string, object?: MxObject, variables?: object}} scope
 */
export function evaluate(text, scope) {
  const terms = split(text.trim());
  if (terms.length > 1) return terms.map((term) => plain(evaluate(term, scope))).join("");
  const term = terms[0];
  let part;
  if (term === "" || term === "empty") return undefined;
  if (term === "true" || term === "false") return term === "true";
  if (/^-?\d+(\.\d+)?$/.test(term)) return Number(term);
  if ((part = /^'((?:[^']|'')*)'$/s.exec(term))) return part[1].replaceAll("''", "'");
  if ((part = /^@(\w+\.\w+)$/.exec(term))) return scope.constants[part[1]];
  if ((part = /^toString\((.*)\)$/s.exec(term))) return plain(evaluate(part[1], scope));
  if ((part = /^\$currentObject\/(\w+)$/.exec(term))) return scope.object ? scope.object.get(part[1]) : undefined;
  if (term === "$currentUser/Name") return scope.user;
  if ((part = /^\$(\w+)$/.exec(term))) return scope.variables?.[part[1]];
  throw new Error(`Cannot read the expression ${text}`);
}

function plain(value) {
  return value === undefined || value === null ? "" : String(value);
}

/** The terms between the `+` signs that stand outside quotes and parentheses. */
function split(text) {
  const terms = [""];
  let quoted = false;
  let depth = 0;
  for (const character of text) {
    if (character === "'") quoted = !quoted;
    if (!quoted && character === "(") depth++;
    if (!quoted && character === ")") depth--;
    if (!quoted && depth === 0 && character === "+") terms.push("");
    else terms[terms.length - 1] += character;
  }
  return terms.map((term) => term.trim());
}
