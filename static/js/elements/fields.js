// Small kindnesses of fields: how much room is left, growing with the text.

import { counted } from "../lib/say.js";

const GROWS_BY_ITSELF = CSS.supports("field-sizing", "content");
const TELL_FROM = 0.8; // of the length; before that a counter is noise

export function start() {
  document.addEventListener("input", (event) => refresh(event.target));
  document.addEventListener("page:changed", refreshAll);
  refreshAll();
}

function refreshAll() {
  document.querySelectorAll(".input").forEach(refresh);
}

function refresh(field) {
  if (!field.matches?.(".input")) return;
  if (field.dataset.max) count(field);
  if (!GROWS_BY_ITSELF && field.matches("textarea")) grow(field);
}

// Length in characters as the server counts them, not in UTF-16 units; nothing is cut, so that no pasted word is lost.
function count(field) {
  const counter = field.parentElement.querySelector("[data-counter]");
  const max = Number(field.dataset.max);
  const left = max - [...field.value].length;
  if (!counter) return;
  counter.hidden = left > max * (1 - TELL_FROM);
  counter.textContent = left < 0 ? counted("over", -left) : counted("left", left);
  counter.toggleAttribute("data-over", left < 0);
}

function grow(field) {
  field.style.blockSize = "auto";
  field.style.blockSize = `${field.scrollHeight + 2}px`;
}
