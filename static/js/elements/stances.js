// Agree, Not sure, Disagree: answered at once, sent behind, and taken back with a reason when it did not arrive.

import { toastRetry, word } from "../lib/say.js";
import { guess, show } from "./strips.js";

// form → { truth: what the server knows, wish: what the person wants, flying: whether a request is on its way }
const states = new WeakMap();

export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-stances]") || !event.submitter) return;
    event.preventDefault();
    const stance = event.submitter.dataset.stance;
    want(form, pressed(form) === stance ? "none" : stance);
  });
}

function pressed(form) {
  return form.querySelector("[aria-pressed=true]")?.dataset.stance ?? "none";
}

function stateOf(form) {
  if (!states.has(form)) states.set(form, { truth: pressed(form), wish: pressed(form), flying: false });
  return states.get(form);
}

function want(form, wish) {
  const state = stateOf(form);
  if (!state.flying) state.truth = pressed(form); // a morph may have brought news
  guess(form.dataset.stances, state.truth, wish);
  state.wish = wish;
  draw(form, wish, true);
  if (!state.flying) fly(form, state);
}

// The last wish wins: while one request is on its way, further presses only change the wish.
async function fly(form, state) {
  state.flying = true;
  form.setAttribute("aria-busy", "true");
  while (state.wish !== state.truth) {
    const sent = state.wish;
    const { failure, goal } = await send(form, sent);
    if (failure || goal) {
      const { wish } = state; // what was wanted last, which may be more than what was on its way
      takeBack(form, state);
      if (goal) location.assign(goal);
      else toastRetry(failure, () => want(form, wish));
      break;
    }
    state.truth = sent;
  }
  state.flying = false;
  form.removeAttribute("aria-busy");
  draw(form, state.truth, false);
}

// Why it was not counted: `failure` is a sentence; `goal` is where to go first, when the session is over and the stance is kept through signing in.
async function send(form, stance) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, stance });
  const headers = { Accept: "application/json", "X-Requested-With": "fetch" };
  let answer;
  try {
    answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers, signal: AbortSignal.timeout(15_000) });
  } catch {
    return { failure: word("not-counted") };
  }
  const json = answer.headers.get("Content-Type")?.includes("json") ? await answer.json().catch(() => null) : null;
  if (!answer.ok) return { failure: json?.detail || word(answer.status === 429 ? "slow-down" : answer.status < 500 ? "not-allowed" : "not-counted") };
  if (json) show(json);
  return { goal: answer.headers.get("X-Location") };
}

function takeBack(form, state) {
  guess(form.dataset.stances, state.truth, state.truth);
  state.wish = state.truth;
}

function draw(form, stance, isPending) {
  for (const button of form.querySelectorAll("[data-stance]")) {
    const isOn = button.dataset.stance === stance;
    button.setAttribute("aria-pressed", isOn);
    button.value = isOn ? "none" : button.dataset.stance;
    button.toggleAttribute("data-pending", isPending && isOn);
  }
}
