/** How long until what could not be sent is tried again, unless something says earlier that it can be. */
const AGAIN = 2000;

/**
 * Keeps what is sent until it has arrived, in order. Each message has an id that the app knows it by again, should an
 * answer be lost and the message be sent twice.
 * @param {(message: {id: string, text: string}) => Promise<void>} send
 */
export function createOutbox(send) {
  let waiting = [];
  let isSending = false;
  let timer = null;
  let changed = () => {};

  async function flush() {
    if (isSending) return;
    isSending = true;
    clearTimeout(timer);
    try {
      while (waiting.length > 0) {
        await send(waiting[0]);
        waiting = waiting.slice(1);
        changed();
      }
    } catch (error) {
      // The runtime is not to be reached: that is not the message's fault, and passes.
      waiting[0].problem = error instanceof TypeError ? "" : error.message;
      changed();
      timer = setTimeout(flush, AGAIN);
    }
    isSending = false;
  }

  return {
    get waiting() {
      return waiting;
    },
    add(message) {
      waiting = [...waiting, { ...message, id: crypto.randomUUID() }];
      changed();
      flush();
    },
    flush,
    onChange(callback) {
      changed = callback;
    },
    stop() {
      clearTimeout(timer);
      changed = () => {};
    },
  };
}
