// #ending: the session of whoever looks after the site ends by itself. It says so five minutes ahead, and stays with one press.

import { quietly } from "../lib/drafts.js";
import { warn, word } from "../lib/say.js";

const AHEAD = 5 * 60_000; // ms
const LOOK = 15_000;
const USED = "session-used"; // another tab that was used keeps this one too
let place;
let idleAt;
let endsAt;
let before; // where the focus was

export function start() {
  place = document.getElementById("ending");
  const { idleIn, endsIn } = place.dataset;
  endsAt = Date.now() + endsIn * 1000;
  rest(Date.now() + idleIn * 1000);
  place.querySelector("[data-stay]").addEventListener("click", stay);
  place.addEventListener("focusin", (event) => { before = event.relatedTarget; });
  document.addEventListener("visibilitychange", look);
  setInterval(look, LOOK);
}

function rest(until) {
  idleAt = until;
  quietly(() => localStorage.setItem(USED, until));
  place.hidden = true;
}

function look() {
  idleAt = Math.max(idleAt, Number(quietly(() => localStorage.getItem(USED))));
  const isWhole = endsAt <= idleAt;
  const isNear = Math.min(idleAt, endsAt) - Date.now() <= AHEAD;
  if (isNear === !place.hidden) return;
  place.hidden = !isNear;
  place.querySelector("[data-idle]").hidden = place.querySelector("[data-stay]").hidden = isWhole;
  place.querySelector("[data-whole]").hidden = !isWhole;
  if (isNear) warn(place.querySelector("p:not([hidden])").textContent);
}

async function stay(event) {
  const headers = { "X-Requested-With": "fetch", "X-CSRF-Token": document.body.dataset.csrf };
  const answer = await fetch(event.target.dataset.stay, { method: "POST", headers }).catch(() => null);
  if (!answer) return warn(word("not-sent"));
  // Too late: the next page asks to sign in, and what was typed comes back there.
  if (!answer.ok) return location.reload();
  rest(Date.now() + place.dataset.rest * 1000);
  before?.focus();
}
