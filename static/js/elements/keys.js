// Single keys: ? / j k a d n c z and g b. Off in fields, with modifiers, in dialogs, and where the person switched them off.

import { announce, template } from "../lib/say.js";

const STANCES = { a: "agree", d: "disagree", n: "pass" };
const MARKED = "[data-item].current, [data-item][aria-current]";
const SECOND_WITHIN = 1200; // ms between g and b
let prefix = "";
let forget;
let walked = ""; // the id of the item that is marked
let at = ""; // the id of the item one is at: a morph takes the mark and the focus away
let place = -1; // and where it stands among those that letters act on
const NONE = " "; // what no item has for an id: none is the one, until one moves or an undo brings it back

export function start() {
  document.addEventListener("keydown", press);
  document.addEventListener("focusin", (event) => sit(event.target.closest("[data-item]")));
  document.addEventListener("page:changed", stay);
  document.addEventListener("form:sent", leave);
  sit(current());
}

export function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.body.dataset.keys === "off" || isWriting(event.target) || document.querySelector("dialog[open]")) return;
  const key = prefix ? `${prefix} ${event.key}` : event.key;
  prefix = "";
  clearTimeout(forget);
  if (act(key)) event.preventDefault();
}

function isWriting(target) {
  return target.isContentEditable || target.matches?.("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
}

function act(key) {
  if (key === "?") return document.getElementById("keys")?.showModal() ?? true;
  if (key === "j") return step(1);
  if (key === "k") return step(-1);
  if (key in STANCES && weigh(STANCES[key])) return true;
  const here = current()?.querySelector(`[data-item-key="${CSS.escape(key)}"]`);
  if (here) return go(here);
  const named = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].findLast((found) => found.checkVisibility());
  if (named) return go(named);
  if (key === "z") return sayOver();
  if (key !== "g") return false;
  prefix = key;
  forget = setTimeout(() => { prefix = ""; }, SECOND_WITHIN);
  return true;
}

function go(element) {
  if (element.matches("input, textarea")) element.focus();
  else element.click();
  return true;
}

const rows = () => items().filter((item) => item.querySelector("[data-item-key]"));
const items = () => [...document.querySelectorAll("[data-item]")].filter((item) => item.checkVisibility());
const current = () => document.activeElement?.closest("[data-item]") ?? document.querySelector(MARKED);

// The time to undo went by: says so, and where it can still be done; z again leads there.
function sayOver() {
  const toasts = document.getElementById("toasts");
  const record = toasts?.dataset.over;
  if (record === undefined || toasts.querySelector("[data-over]")) return false;
  const toast = template("toast-over");
  const link = toast.querySelector("a");
  if (record) link.href = record;
  else link.remove();
  toasts.append(toast);
  announce([toast.querySelector("p"), record && link].filter(Boolean).map((said) => said.textContent).join(" "));
  document.dispatchEvent(new CustomEvent("page:changed"));
  return true;
}

// Where letters act on the item one is at, that one is marked, however one came there.
function sit(item) {
  if (!item && at === NONE) return;
  at = item?.id ?? "";
  place = rows().indexOf(item);
  if (place >= 0) mark(item);
}

function step(by) {
  const all = items();
  if (!all.length) return false;
  const place = all.indexOf(current());
  const next = all[Math.min(Math.max(place + by, 0), all.length - 1)];
  mark(next);
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function unmark() {
  walked = "";
  for (const item of document.querySelectorAll(MARKED)) {
    item.classList.remove("current");
    item.removeAttribute("aria-current");
  }
}

function mark(item) {
  unmark();
  walked = item.id;
  item.classList.add("current");
  if (item.querySelector("[data-item-key]")) item.setAttribute("aria-current", "true");
  if (!item.hasAttribute("tabindex")) item.tabIndex = -1;
}

function stay({ detail }) {
  if (!at) return;
  // What one acted on is gone: the one that stands in its place now. What somebody else took away: none, as a letter may be on its way to it.
  const item = document.getElementById(at) ?? (detail?.whole && rows()[Math.min(place, rows().length - 1)]);
  if (!item) return void ((place >= 0 || at === NONE) && unmark());
  at = item.id;
  if (place >= 0 || at === walked) mark(item);
  else if (!item.hasAttribute("tabindex")) item.tabIndex = -1;
  if (!document.activeElement || document.activeElement === document.body) item.focus({ preventScroll: true });
}

// What an undo brings back is the one, as the focus goes there; what stood in its place is not, so that no letter hits it.
function leave({ target }) {
  if (!target.closest("[data-undo]") || !rows().length) return;
  if (document.activeElement?.closest("[data-item]")) document.activeElement.blur();
  [at, place] = [NONE, -1];
}

// On a page about one thing, that thing is the current one.
function weigh(stance) {
  const scope = current() ?? (document.querySelectorAll("[data-stances]").length === 1 ? document : null);
  const button = scope?.querySelector(`[data-stance="${stance}"]`);
  button?.click();
  return Boolean(button);
}
