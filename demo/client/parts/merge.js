/**
 * What others changed since the user looked: `news` is the last change of each field, and `conflicts` are those of
 * fields that the user changed too, to another value.
 * @param {MxObject} object     with the user's changes, on top of what the database has now
 * @param {MxObject[]} history  the changes of fields, newest first
 * @param {number} seen         the version that the user has made up their mind about
 */
export function others(object, history, seen) {
  const mine = object.changes();
  const news = new Map();
  for (const change of history) {
    const field = change.raw("Field");
    const known = news.get(field);
    if (change.raw("Version") <= seen) continue;
    // From the value that the user saw, to the one that there is now.
    if (known) known.before = change.raw("Before");
    else {
      news.set(field, {
        id: change.getGuid(),
        field,
        by: change.raw("ChangedBy"),
        on: change.raw("ChangedOn"),
        before: change.raw("Before"),
        after: change.raw("After"),
      });
    }
  }
  const found = [...news.values()];
  const conflicts = found.filter(({ field, after }) => field in mine && mine[field] !== after);
  return { news: found, conflicts };
}
