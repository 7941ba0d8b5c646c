/** A WebSocket whose other end is the test. */
export function fakeSockets() {
  const opened = [];
  class FakeWebSocket {
    constructor(address) {
      if (FakeWebSocket.refuse) throw FakeWebSocket.refuse;
      this.address = address;
      this.readyState = 0;
      this.sent = [];
      this.closed = false;
      opened.push(this);
    }
    send(packet) {
      this.sent.push(packet);
    }
    close() {
      this.closed = true;
      this.readyState = 3;
    }

    /** What the server does. */
    greet(greeting = { sid: "s", pingInterval: 25000, pingTimeout: 20000, maxPayload: 1000000 }) {
      this.readyState = 1;
      this.onopen({});
      this.receive("0" + JSON.stringify(greeting));
    }
    join(reply = { sid: "a", offset: "e-1", recovered: false }) {
      this.greet();
      this.receive("40" + JSON.stringify(reply));
    }
    receive(data) {
      this.onmessage({ data });
    }
    change(key, record = {}, offset = "e-2", event = "microflow created") {
      this.receive("42" + JSON.stringify([event, { text: key, ...record }, offset]));
    }
    drop(code = 1006, reason = "") {
      this.readyState = 3;
      if (this.onclose) this.onclose({ code, reason });
    }
  }
  return { opened, WebSocket: FakeWebSocket, latest: () => opened[opened.length - 1] };
}
