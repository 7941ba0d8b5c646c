/**
 * Runs Mendix actions so that none is lost. The client drops a second `execute()` while an action runs, in silence, and
 * one while it cannot be executed; whether it runs is seen only in the next properties that the page gives. So a run
 * waits until its action can be executed, and is over when the action is seen to have run.
 *
 * `step()` is called after each render, with the present properties in reach of `look`.
 */

/** ms within which an action that runs longer than a moment shows that it does. */
const SHOWS_WITHIN = 250;

/**
 * @typedef {object} Task
 * @property {() => {ready: boolean, busy: boolean, start: () => void}|null} look
 *           the action as it is now; null where it is gone, or its object is: then there is nothing to run
 * @property {() => void} done
 */

export function createRuns() {
  const tasks = new Set();
  let gone = false;

  function end(task) {
    clearTimeout(task.timer);
    tasks.delete(task);
    task.done();
  }

  function advance(task) {
    const present = task.look();
    if (!present) {
      end(task);
    } else if (!task.started) {
      if (!present.ready || present.busy) return;
      task.started = true;
      task.timer = setTimeout(() => end(task), SHOWS_WITHIN);
      try {
        present.start();
      } catch (error) {
        console.error("Flowcast:", error);
        end(task);
      }
    } else if (present.busy) {
      task.seen = true;
      clearTimeout(task.timer);
    } else if (task.seen) {
      end(task);
    }
  }

  return {
    /** @param {Task["look"]} look @param {Task["done"]} done */
    add(look, done) {
      if (gone) return;
      const task = { look, done };
      tasks.add(task);
      advance(task);
    },
    step() {
      Array.from(tasks).forEach(advance);
    },
    release() {
      gone = true;
      tasks.forEach((task) => clearTimeout(task.timer));
      tasks.clear();
    },
  };
}

/** @param {() => object|undefined} get  an ActionValue, or undefined */
export function lookAtAction(get, variables) {
  return () => {
    const action = get();
    if (!action) return null;
    return {
      ready: action.canExecute,
      busy: action.isExecuting,
      start: () => action.execute(variables),
    };
  };
}

/** @param {() => object|undefined} get  a ListValue, or undefined */
export function lookAtReload(get) {
  return () => {
    const list = get();
    return list ? { ready: true, busy: list.status === "loading", start: () => list.reload() } : null;
  };
}
