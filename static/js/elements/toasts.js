// Toasts stay long enough to be read and reached: at least ten seconds, and as long as a pointer or the focus is on them.

import { announce } from "../lib/say.js";

const STAY = 12_000;
const met = new WeakSet();

export function start() {
  document.addEventListener("click", (event) => event.target.closest("[data-toast] [data-close]")?.closest("[data-toast]").remove());
  document.addEventListener("page:changed", meetAll);
  const first = [...document.querySelectorAll("[data-toast]:not([data-failed]) > p")].map((text) => text.textContent).join(" ");
  if (first) announce(first);
  meetAll();
}

function meetAll() {
  for (const toast of document.querySelectorAll("[data-toast]")) {
    if (!met.has(toast)) watch(toast);
    met.add(toast);
  }
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
    return setTimeout(() => toast.remove(), 320);
  }, step);
}
