// The live channel; the only module that knows the socket. It says what it hears as events on the document: live:event, live:tally, live:presence, live:reset.

import { io } from "../vendor/socket.io.esm.min.js";
import { announce, word } from "./lib/say.js";

const SAY_SO_AFTER = 5000; // ms without a connection; shorter gaps heal by themselves
let socket;
let seq;
let timer;

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
const place = () => document.querySelector("[data-live-board]");

export function start() {
  seq = place().dataset.seq ? Number(place().dataset.seq) : null;
  socket = io({ path: document.body.dataset.socketPath, transports: ["websocket", "polling"], tryAllTransports: true, reconnectionDelay: 500, reconnectionDelayMax: 5000 });
  socket.on("connect", watch);
  socket.on("disconnect", waitAWhile);
  socket.on("connect_error", waitAWhile);
  socket.on("event", hear);
  socket.on("tally", (message) => message.board === place()?.dataset.liveBoard && tell("tally", message));
  socket.on("presence", (message) => tell("presence", message));
  window.addEventListener("offline", waitAWhile);
  window.addEventListener("online", () => (socket.connected ? connected() : socket.disconnect().connect())); // without waiting for the next try
  // An open socket would keep the page from being kept for Back.
  window.addEventListener("pagehide", () => socket.disconnect());
  window.addEventListener("pageshow", (event) => event.persisted && socket.connect());
}

function watch() {
  const board = place()?.dataset.liveBoard;
  if (!board) return;
  socket.timeout(10_000).emit("watch", { board, since: seq }, (error, answer) => {
    if (error) {
      socket.disconnect().connect();
      return;
    }
    if (!answer.ok) return; // not ours to hear any more; the next page says why
    const missedTooMuch = answer.reset;
    seq = answer.seq;
    if (missedTooMuch) tell("reset", {});
    connected();
  });
}

function hear(event) {
  if (event.board !== place()?.dataset.liveBoard || (seq !== null && event.seq <= seq)) return;
  seq = event.seq;
  tell("event", event);
}

function waitAWhile() {
  timer ??= setTimeout(() => {
    if (socket.connected && navigator.onLine) return connected();
    document.getElementById("offline").hidden = false;
    return announce(word("offline"));
  }, SAY_SO_AFTER);
}

function connected() {
  clearTimeout(timer);
  timer = undefined;
  const notice = document.getElementById("offline");
  if (notice.hidden) return;
  notice.hidden = true;
  // Events come by their numbers; counts are not replayed, so what is in view is asked for once.
  tell("reset", {});
  announce(word("back"));
}
