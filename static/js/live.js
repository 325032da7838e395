// The live channel; the only module that knows the socket. It says what it hears as events on the document: live:event, live:tally, live:presence, live:inbox, live:queue, live:reset.

import { io } from "../vendor/socket.io.esm.min.js";
import { announce, word } from "./lib/say.js";
import { isNews } from "./lib/tally.js";

const HUNG_UP = 1000; // ms
const SAY_SO_AFTER = 5000; // ms without a connection; shorter gaps heal by themselves
let socket;
let timer;
let wasConnected = false;
const seqs = new Map(); // board → the last number heard of it
const made = new Map(); // board → when the page was made that shows it, until the first answer: counts may have changed on its way here

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
const isHere = (board) => Boolean(document.querySelector(`[data-live-board="${CSS.escape(board)}"]`));

export function start() {
  const { socketPath, socketTransports } = document.body.dataset;
  socket = io({ path: socketPath, transports: socketTransports.split(" "), tryAllTransports: true, reconnectionDelay: 500, reconnectionDelayMax: 5000 });
  watchAll();
  socket.on("disconnect", (why) => {
    waitAWhile();
    // Hung up on, as at signing out or a change of rights: what a visitor may hear goes on, and the next page says the rest.
    if (why === "io server disconnect") setTimeout(() => socket.connect(), HUNG_UP);
  });
  socket.on("connect_error", waitAWhile);
  socket.on("event", hear);
  socket.on("tally", (message) => isHere(message.board) && count(message));
  socket.on("presence", (message) => tell("presence", message));
  socket.on("inbox", (message) => tell("inbox", message));
  socket.on("queue", (message) => tell("queue", message));
  socket.on("unwatched", ({ board }) => seqs.delete(board)); // it may not be heard any more
  document.addEventListener("page:changed", watchAll);
  window.addEventListener("offline", waitAWhile);
  window.addEventListener("online", () => (socket.connected ? connected() : socket.disconnect().connect())); // without waiting for the next try
  // An open socket would keep the page from being kept for Back.
  window.addEventListener("pagehide", () => socket.disconnect());
  window.addEventListener("pageshow", (event) => event.persisted && socket.connect());
  socket.on("connect", () => {
    seqs.forEach((seq, board) => watch(board, seq));
    if (!seqs.size) connected();
    // Events come by their numbers; counts are not replayed, so after a gap what is in view is asked for once.
    if (wasConnected) tell("reset", {});
    wasConnected = true;
  });
}

// A page may show several boards, such as the promise.
function watchAll() {
  for (const place of document.querySelectorAll("[data-live-board]")) {
    const board = place.dataset.liveBoard;
    if (seqs.has(board)) continue;
    seqs.set(board, place.dataset.seq ? Number(place.dataset.seq) : null);
    made.set(board, place.dataset.made);
    if (socket.connected) watch(board, seqs.get(board));
  }
}

function watch(board, since) {
  socket.timeout(10_000).emit("watch", { board, since, made: made.get(board) }, (error, answer) => {
    // No answer, or not now: from the beginning, soon. A socket that is gone comes back by itself.
    if (error || answer.error === "unavailable") {
      setTimeout(() => socket.connected && socket.disconnect().connect(), HUNG_UP);
      return;
    }
    if (!answer.ok) return; // not ours to hear any more; the next page says why
    seqs.set(board, answer.seq);
    made.delete(board);
    if (answer.tally) count(answer.tally, isNews);
    if (answer.reset) tell("reset", {});
    connected();
  });
}

function count(message, wanted = () => true) {
  const tallies = [...message.tallies, ...(message.amendments ?? [])].filter(wanted);
  if (tallies.length) tell("tally", { ...message, tallies });
}

function hear(event) {
  const seq = seqs.get(event.board) ?? null;
  if (!isHere(event.board) || (seq !== null && event.seq <= seq)) return;
  seqs.set(event.board, event.seq);
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
  announce(word("back"));
}
