import { element, say } from "../core/elements.js";
import { stayWith } from "../core/router.js";
import { createOutbox } from "./outbox.js";
import { presenceLine } from "./presence.js";

const HISTORY = 100;

/** Rooms, the messages of one of them, and what this user says. */
export async function showChat(page, part, guid) {
  const { session } = page;
  const rooms = (await session.retrieve({ entity: part.rooms, sort: [["Name", "asc"]] })).objects;
  let room = rooms.find((known) => known.getGuid() === guid) || rooms[0];

  // Who else is in the room, and who is typing: the widget writes it there.
  const seat = await session.create(part.seat);
  const present = presenceLine(seat, { count: "Present", names: "PresentNames", doing: "TypingNames" }, "typing");
  const heading = element("h2", {});
  const topic = element("p", { class: "topic" });
  const list = element("ol", { class: "messages-list", role: "log", "aria-label": "Messages", tabindex: "0" });
  const text = element("input", { type: "text", id: "say", autocomplete: "off", maxlength: "500", placeholder: "Say something" });
  const form = element("form", { class: "composer" }, [
    element("label", { for: "say", class: "for-readers" }, ["Message"]),
    text,
    element("button", { type: "submit", class: "button primary" }, ["Send"]),
  ]);
  const outbox = createOutbox((message) =>
    page.call(part.send, [message.room], { Text: message.text, ClientId: message.id }),
  );
  const roomList = createRoomList(rooms, (chosen) => enter(chosen));

  let shown = [];
  const draw = () => {
    const waiting = outbox.waiting.filter((message) => message.room === room);
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
    drawMessages(list, shown, waiting, session.user);
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  };
  const retrieve = async () => {
    const asked = room;
    const found = await session.retrieve({
      entity: part.messages,
      attribute: "Room",
      value: asked.getGuid(),
      sort: [["Number", "desc"]],
      amount: HISTORY,
    });
    if (asked !== room) return;
    shown = found.objects.reverse();
    roomList.read(room);
    draw();
  };
  async function enter(chosen) {
    room = chosen;
    heading.textContent = room.raw("Name");
    topic.textContent = room.raw("Topic");
    stayWith(room.getGuid());
    seat.set("Room", room.getGuid());
    roomList.current(room);
    await retrieve();
    list.scrollTop = list.scrollHeight;
  }
  // Whatever made the list new again, the connection is there: what waits is sent.
  page.subscribe({ list: part.messages, callback: () => retrieve().then(outbox.flush, () => {}) });
  page.subscribe({ entity: part.rooms, callback: () => roomList.draw(room) });
  outbox.onChange(draw);
  page.onRemove(outbox.stop);
  text.addEventListener("input", () => seat.set("Typing", text.value !== ""));
  page.subscribe({ guid: seat.getGuid(), callback: present.draw });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = text.value.trim();
    if (!said) return;
    text.value = "";
    seat.set("Typing", false);
    outbox.add({ room, text: said });
    list.scrollTop = list.scrollHeight;
  });

  page.content.append(
    element("div", { class: "chat" }, [
      element("nav", { class: "card rooms", "aria-label": "Rooms" }, [roomList.node]),
      element("section", { class: "card conversation", "aria-label": "Conversation" }, [
        element("div", { class: "room-bar" }, [element("div", {}, [heading, topic]), present.node]),
        list,
        form,
      ]),
    ]),
  );
  await enter(room);
  const ofRows = element("div", { class: "of-rows" });
  page.said.append(ofRows);
  page.onRemove(() => ofRows.remove());
  for (const known of rooms) await page.placeWidgets(part.row, known, ofRows);
  await page.placeWidgets(part.widgets, seat, page.said);
}

/** The rooms, with how many messages of each this window has not shown. */
function createRoomList(rooms, onChoose) {
  const read = new Map(rooms.map((room) => [room, room.raw("Messages")]));
  const items = new Map(
    rooms.map((room) => {
      const badge = element("span", { class: "badge" });
      const button = element("button", { type: "button", class: "room", "data-guid": room.getGuid() }, [
        element("span", { class: "room-name" }, [room.raw("Name")]),
        badge,
      ]);
      button.addEventListener("click", () => onChoose(room));
      return [room, { badge, button, node: element("li", {}, [button]) }];
    }),
  );
  const draw = (current) => {
    for (const [room, { badge, button }] of items) {
      const unread = room === current ? 0 : room.raw("Messages") - read.get(room);
      badge.textContent = unread > 0 ? String(unread) : "";
      button.setAttribute("aria-label", unread > 0 ? `${room.raw("Name")}, ${unread} unread` : room.raw("Name"));
      if (room === current) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  };
  return {
    node: element(
      "ul",
      {},
      [...items.values()].map(({ node }) => node),
    ),
    read: (room) => read.set(room, room.raw("Messages")),
    current: draw,
    draw(current) {
      read.set(current, current.raw("Messages"));
      draw(current);
    },
  };
}

/** Draws what is not there yet, so that a screen reader reads what is new and nothing else. */
function drawMessages(list, shown, waiting, me) {
  const wanted = [
    ...shown.map((message) => ({
      key: message.raw("ClientId") || message.getGuid(),
      author: message.raw("Author"),
      text: message.raw("Text"),
      said: new Date(message.raw("SentOn")).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }),
    })),
    ...waiting.map(({ id, text, problem }) => ({
      key: id,
      author: me,
      text,
      said: problem ? `not sent: ${problem}` : "waits to be sent",
      isWaiting: true,
    })),
  ];
  const known = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const keys = new Set(wanted.map((message) => message.key));
  for (const [key, node] of known) if (!keys.has(key)) node.remove();
  let before = null;
  let next = list.firstChild;
  for (const message of wanted) {
    const node = known.get(message.key) || createMessage(message, me);
    node.classList.toggle("waiting", Boolean(message.isWaiting));
    node.classList.toggle("follows", before?.author === message.author);
    say(node.querySelector("time"), message.said);
    if (node === next) next = node.nextSibling;
    else list.insertBefore(node, next);
    before = message;
  }
}

function createMessage({ key, author, text }, me) {
  const isMine = author === me;
  const node = element("li", { class: isMine ? "message mine" : "message", "data-key": key }, [
    element("span", { class: "avatar", "aria-hidden": "true" }, [author[0]]),
    element("div", { class: "bubble" }, [
      element("p", { class: "byline" }, [element("span", { class: "author" }, [author]), " ", element("time", {})]),
      element("p", { class: "said" }, [text]),
    ]),
  ]);
  return node;
}
