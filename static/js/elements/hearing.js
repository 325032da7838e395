// Who is here, by group; and for screen readers a summary now and then instead of every vote.

import { announce, counted } from "../lib/say.js";

const PAUSE = 10_000; // ms between two summaries
let votes = 0;
let things = 0;
let timer;
let last = -PAUSE;

export function start() {
  document.addEventListener("live:inbox", ({ detail }) => countInbox(detail.unread));
  document.addEventListener("live:presence", ({ detail }) => draw(detail));
  document.addEventListener("strip:votes", ({ detail }) => { votes += detail; plan(); });
  document.addEventListener("live:event", ({ detail }) => {
    if (String(detail.actor?.id ?? "") === document.body.dataset.viewer && detail.actor) return;
    things += 1;
    plan();
  });
}

// The number beside the inbox, in place; the words for readers come with the next page.
function countInbox(unread) {
  const link = document.getElementById("inbox-link");
  const mark = link?.querySelector(".count-mark");
  if (!link || (!mark && !unread)) return;
  const shown = mark ?? link.appendChild(Object.assign(document.createElement("span"), { className: "count-mark", ariaHidden: "true" }));
  shown.textContent = unread < 100 ? unread : "99+";
  shown.hidden = unread === 0;
}

function draw({ board, groups, anonymous }) {
  const counts = { ...groups, anonymous };
  for (const place of document.querySelectorAll(`[data-presence="${CSS.escape(board)}"] [data-presence-group]`)) {
    const n = counts[place.dataset.presenceGroup] ?? 0;
    place.querySelector("[data-n]").textContent = n;
    place.hidden = n === 0;
  }
  const watched = document.querySelector("[data-live-board]");
  if (watched) watched.dataset.watchers = Object.values(counts).reduce((sum, n) => sum + n, 0);
}

function plan() {
  if (timer || !(votes || things)) return;
  timer = setTimeout(() => {
    timer = undefined;
    last = performance.now();
    announce([votes && counted("new-votes", votes), things && counted("new-things", things)].filter(Boolean).join(", "));
    votes = 0;
    things = 0;
  }, Math.max(1500, last + PAUSE - performance.now()));
}
