// While a title is typed: ideas that share its words, so that one may weigh instead of repeating. An older answer never overwrites a newer one.

import { getPage, parse } from "../lib/send.js";

const REST = 400; // ms after the last key
let waiting;
let asked = 0;

export function start() {
  document.addEventListener("input", (event) => {
    const place = event.target.form?.querySelector("[data-similar]");
    if (!place || event.target.name !== place.dataset.similarTo) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(place, event.target.value), REST);
  });
}

async function ask(place, text) {
  const number = ++asked;
  const url = new URL(place.dataset.similar, location.href);
  url.searchParams.set("q", text);
  const answer = await getPage(url.href).catch(() => null);
  if (!answer?.ok || number !== asked) return;
  place.replaceChildren(...parse(await answer.text()).body.children);
}
