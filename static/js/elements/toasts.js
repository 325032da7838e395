// Toasts stay long enough to be read and reached: at least ten seconds, and as long as a pointer or the focus is on them.

import { announce } from "../lib/say.js";

const STAY = 12_000;
const met = new WeakSet();

export function start() {
  document.addEventListener("click", (event) => leave(event.target.closest("[data-toast] [data-close]")?.closest("[data-toast]")));
  document.addEventListener("page:changed", meetAll);
  document.addEventListener("focusin", () => requestAnimationFrame(makeRoom)); // once what was focused is scrolled to
  meetAll();
}

function meetAll() {
  const fresh = [...document.querySelectorAll("[data-toast]")].filter((toast) => !met.has(toast));
  for (const toast of fresh) {
    met.add(toast);
    watch(toast);
  }
  announce(fresh.filter((toast) => !toast.matches("[data-failed], [data-over]")).map((toast) => toast.querySelector("p").textContent).join(" "));
  makeRoom();
}

// An undo that is offered no more is remembered, with the page where it can still be done: the key z says so.
function leave(toast) {
  if (!toast?.isConnected) return;
  if ("undo" in toast.dataset) toast.parentElement.dataset.over = toast.dataset.record ?? "";
  toast.remove();
}

// What has the focus is not under a toast: where it cannot be scrolled away from there, they stand at the other edge.
function makeRoom() {
  const place = document.getElementById("toasts");
  const focused = document.activeElement;
  if (!focused || place.contains(focused)) return;
  delete place.dataset.above;
  const its = focused.getBoundingClientRect();
  const isUnder = (toast) => its.bottom > toast.top && its.top < toast.bottom && its.right > toast.left && its.left < toast.right;
  const covered = [...place.children].some((toast) => isUnder(toast.getBoundingClientRect()));
  if (covered && its.height < innerHeight / 2) place.dataset.above = "";
}

function watch(toast) {
  let left = STAY;
  const step = 250;
  const clock = setInterval(() => {
    if (!toast.isConnected) return clearInterval(clock);
    if (toast.matches(":hover, :focus-within") || document.hidden) return undefined;
    left -= step;
    if (left > 0) return undefined;
    clearInterval(clock);
    toast.dataset.leaving = "";
    return setTimeout(() => leave(toast), 320);
  }, step);
}
