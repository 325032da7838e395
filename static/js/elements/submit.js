// Forms that go without leaving the page: pending, done, put right, or kept with a way to try again.

import { isBeingWritten, morph } from "../lib/morph.js";
import { template, warn, word } from "../lib/say.js";
import { getPage, parse, post, reasonIn } from "../lib/send.js";
import { suffixIds } from "./in-place.js";

const BACK_WITH_ERRORS = new Set([400, 409, 412, 413, 422, 429]);

export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post" || form.matches("[data-native], [data-stances]") || event.submitter?.matches("[data-native]")) return;
    event.preventDefault();
    if (form.getAttribute("aria-busy") !== "true") deliver(form, event.submitter);
  });
  // Back from the page it led to (bfcache): the form is as it was left, and must work again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy"));
  });
}

async function deliver(form, submitter) {
  form.setAttribute("aria-busy", "true");
  form.querySelector("[data-problem]")?.remove();
  try {
    const answer = await post(form, submitter);
    if (answer.ok) return await arrived(form, answer);
    const page = parse(await answer.text());
    if (!(BACK_WITH_ERRORS.has(answer.status) && putRight(form, page))) {
      offerRetry(form, submitter, (answer.status < 500 && reasonIn(page)) || word("our-side"));
    }
  } catch {
    offerRetry(form, submitter, word("not-sent"));
  }
  form.removeAttribute("aria-busy");
}

// Where to: the server names it in X-Location (nothing is fetched twice, the part after # survives), else where the redirect led.
async function arrived(form, answer) {
  form.dispatchEvent(new CustomEvent("form:sent", { bubbles: true }));
  const named = answer.headers.get("X-Location");
  const goal = new URL(named ?? answer.url, location.href);
  if (goal.pathname !== location.pathname || form.closest("dialog")) {
    location.assign(goal);
    return;
  }
  const html = !named && goal.search === location.search ? await answer.text() : await (await getPage(location.href)).text();
  form.removeAttribute("aria-busy");
  refresh(parse(html), form, goal);
}

function refresh(page, form, goal) {
  const fresh = page.getElementById("page");
  if (!fresh) {
    location.assign(goal);
    return;
  }
  document.title = page.title;
  // What was sent is on the server now; the form may be drawn anew, or go.
  if (form.isConnected) form.reset();
  if (form.contains(document.activeElement)) document.activeElement.blur();
  // A toast is a new one, with its own time: morphed, it would go with the one before.
  document.getElementById("toasts").replaceWith(page.getElementById("toasts"));
  for (const selector of [".site", "#page"]) {
    const [old, next] = [document.querySelector(selector), page.querySelector(selector)];
    if (old && next) morph(old, next, { replace: form, whole: selector === "#page" });
  }
  land(goal.hash, form.matches("[data-undo] form"));
}

// Where the eye should be now: at the new thing, if the address names it; keyboards and readers follow, to what an undo brings back also from elsewhere.
function land(hash, isUndone) {
  const target = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (target) {
    history.replaceState(history.state, "", hash);
    target.classList.add("is-new");
    target.scrollIntoView({ block: "nearest" });
  }
  const isFree = document.activeElement === document.body || !document.activeElement;
  if (isFree || (isUndone && target && !isBeingWritten(document.activeElement))) {
    const place = target || document.getElementById("main");
    if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
    place.focus({ preventScroll: true });
  }
}

// The server sent the form back with what is wrong beside its fields.
function putRight(form, page) {
  const action = form.getAttribute("action");
  const fresh = [...page.querySelectorAll("form")].find((found) => found.getAttribute("action") === action && found.className === form.className);
  if (!fresh) return false;
  if (form.dataset.suffix) suffixIds(fresh, form.dataset.suffix);
  if (form.dataset.inPlaceOf) Object.assign(fresh.dataset, { inPlaceOf: form.dataset.inPlaceOf, suffix: form.dataset.suffix });
  morph(form, fresh, { replace: form });
  const first = form.querySelector("[aria-invalid=true]") ?? form.querySelector("[data-problem] a");
  if (first) first.focus();
  else form.querySelector("[data-problem]")?.scrollIntoView({ block: "nearest" });
  const sentences = [...form.querySelectorAll("[data-problem] > p, .error")].map((found) => found.textContent);
  warn([word("look-again"), ...sentences].join(" "));
  return true;
}

function offerRetry(form, submitter, text) {
  const note = template("problem-retry", text);
  note.querySelector("[data-retry]").addEventListener("click", () => deliver(form, submitter));
  const row = form.querySelector(".submit");
  if (row) row.before(note);
  else form.append(note);
  note.scrollIntoView({ block: "nearest" });
  warn(text);
}
