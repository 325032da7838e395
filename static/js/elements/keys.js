// Single keys: ? / j k a d n c z and g b. Off in fields, with modifiers, in dialogs, and where the person switched them off.

const STANCES = { a: "agree", d: "disagree", n: "pass" };
const SECOND_WITHIN = 1200; // ms between g and b
let prefix = "";
let forget;
let at = ""; // the id of the item one is at: a morph takes the mark and the focus away

export function start() {
  document.addEventListener("keydown", press);
  document.addEventListener("focusin", (event) => { at = event.target.closest("[data-item]")?.id ?? ""; });
  document.addEventListener("page:changed", stay);
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
  const here = (current() ?? items()[0])?.querySelector(`[data-item-key="${CSS.escape(key)}"]`);
  if (here) return go(here);
  const named = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].findLast((found) => found.checkVisibility());
  if (named) return go(named);
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

const items = () => [...document.querySelectorAll("[data-item]")].filter((item) => item.checkVisibility());
const current = () => document.activeElement?.closest("[data-item]") ?? document.querySelector("[data-item].current");

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

function mark(item) {
  document.querySelector("[data-item].current")?.classList.remove("current");
  item.classList.add("current");
  if (!item.hasAttribute("tabindex")) item.tabIndex = -1;
}

function stay() {
  const item = at && document.getElementById(at);
  if (!item) return;
  mark(item);
  if (!document.activeElement || document.activeElement === document.body) item.focus({ preventScroll: true });
}

// On a page about one thing, that thing is the current one.
function weigh(stance) {
  const scope = current() ?? (document.querySelectorAll("[data-stances]").length === 1 ? document : null);
  const button = scope?.querySelector(`[data-stance="${stance}"]`);
  button?.click();
  return Boolean(button);
}
