import { useEffect, useReducer, useState } from "react";

/** Draws again after each change of an object. Returns how often, and the names of what changed last. */
export function useObject(session, guid) {
  const [changes, note] = useReducer((known, names) => ({ count: known.count + 1, names }), { count: 0, names: [] });
  useEffect(() => {
    if (!guid) return undefined;
    const handle = session.cache.subscribe({ guid, callback: (_, names) => note(names) });
    return () => session.cache.unsubscribe(handle);
  }, [session, guid]);
  return changes;
}

/** The rows of a data grid, or what a data view steps through. */
export function useRows(session, { entity, sort }) {
  const [rows, setRows] = useState(null);
  useEffect(() => {
    let wanted = true;
    const retrieve = () => session.retrieve({ entity, sort }).then(({ objects }) => wanted && setRows(objects));
    const handle = session.cache.subscribe({ list: entity, callback: retrieve });
    retrieve();
    return () => {
      wanted = false;
      session.cache.unsubscribe(handle);
    };
  }, [session, entity, sort]);
  return rows;
}
