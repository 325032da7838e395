// <… data-part="URL" data-refs="idea:12" data-on="response.*">: a piece of the page that is fetched again, as this viewer, when something happened to what it shows.

import { isBeingWritten, morph } from "../lib/morph.js";
import { getPage, parse } from "../lib/send.js";
import { refOf, refsOf } from "../lib/tally.js";

const LEAST = 150; // ms
const EACH = 5; // ms a watcher, so that a hundred readers do not ask in the same instant
const AGAIN = 3000; // ms until a part that our side or the network did not give is asked for again
const stale = new Set();
const seen = new WeakSet();
const observed = new WeakSet();
const busy = new WeakSet();

const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) seen.add(target);
    else seen.delete(target);
    if (isIntersecting && stale.has(target)) plan(target);
  }
}, { rootMargin: "20%" });

export function start() {
  document.addEventListener("live:event", (event) => touch(refsOf(event.detail), event.detail.kind));
  document.addEventListener("live:tally", (event) => touch(new Set(event.detail.tallies.map(refOf)), ""));
  document.addEventListener("live:queue", () => touch(new Set(), "queue"));
  document.addEventListener("live:reset", () => all().forEach(mark));
  document.addEventListener("page:changed", observe);
  document.addEventListener("focusout", () => setTimeout(() => [...stale].filter((part) => seen.has(part)).forEach(plan), 0));
  observe();
}

const all = () => [...document.querySelectorAll("[data-part]")];

function observe() {
  for (const part of all()) {
    if (!observed.has(part)) observer.observe(part);
    observed.add(part);
  }
}

function concerns(part, refs, kind) {
  if ((part.dataset.refs ?? "").split(/\s+/).some((ref) => refs.has(ref))) return true;
  return (part.dataset.on ?? "").split(/\s+/).some((on) => on && kind && (on === kind || (on.endsWith(".*") && kind.startsWith(on.slice(0, -1)))));
}

function touch(refs, kind) {
  for (const part of all()) if (concerns(part, refs, kind)) mark(part);
}

function mark(part) {
  stale.add(part);
  if (seen.has(part)) plan(part);
}

const planned = new WeakSet();
function plan(part) {
  if (planned.has(part)) return;
  planned.add(part);
  const watchers = Number(part.dataset.watchers ?? document.querySelector("[data-live-board]")?.dataset.watchers ?? 1);
  setTimeout(() => { planned.delete(part); refresh(part); }, LEAST + Math.random() * watchers * EACH);
}

// Fetches one part now; others may ask for it too (the button "3 new ideas").
export async function refresh(part) {
  if (!part.isConnected) return stale.delete(part);
  // Somebody writes in it: it waits until they leave the field.
  if (busy.has(part) || isBeingWritten(part)) return false;
  stale.delete(part);
  busy.add(part);
  const isDone = await bring(part).catch(() => false);
  busy.delete(part);
  if (!isDone) {
    stale.add(part);
    setTimeout(() => stale.has(part) && mark(part), AGAIN);
  } else if (stale.has(part) && seen.has(part)) plan(part); // what happened on the way may not be in it
  return true;
}

// Whether there is an answer; one that says no is one as well.
async function bring(part) {
  const answer = await getPage(part.dataset.part);
  if (answer.ok) put(part, await answer.text());
  // One of a list that is not there any more, for this viewer.
  if (answer.status === 404 && part.matches("[data-item]")) part.remove();
  return answer.status < 500 && answer.status !== 429;
}

// The address may answer with the part alone or with the page it stands on; without the part's id in it, the answer is its new content.
function put(part, html) {
  const page = parse(html);
  const fresh = part.id && page.getElementById(part.id);
  if (fresh) morph(part, fresh);
  else if (!page.getElementById("page")) morph(part, [...page.body.children], { inner: true });
}
