// "3 new ideas": what came in waits behind a button, so that nothing moves under the eye or the finger.

import { announce, countOf, word } from "../lib/say.js";
import { refresh } from "./parts.js";

export function start() {
  document.addEventListener("live:event", ({ detail: event }) => {
    if (isOwn(event) && (document.querySelector("form[aria-busy=true]") || isHere(event))) return;
    for (const place of document.querySelectorAll("[data-new-kind]")) if (place.dataset.newKind.split(" ").includes(event.kind)) add(place, event.data?.ideas?.length ?? 1);
  });
  document.addEventListener("click", (event) => {
    const place = event.target.closest("[data-new-kind] button")?.closest("[data-new-kind]");
    if (place) bring(place);
  });
  document.addEventListener("page:changed", (event) => event.detail?.whole && document.querySelectorAll("[data-new-kind]").forEach(clear));
}

const isOwn = (event) => event.actor && String(event.actor.id) === document.body.dataset.viewer;

// One's own is here already, or comes with what is on its way; done in another tab, it waits like others' things.
function isHere(event) {
  const refs = event.data?.ideas?.map((id) => `idea:${id}`) ?? [event.subject];
  return refs.every((ref) => document.getElementById(ref.replace(":", "-")));
}

function add(place, many) {
  place.dataset.count = Number(place.dataset.count ?? 0) + many;
  const button = place.querySelector("button");
  button.textContent = countOf(place.dataset, Number(place.dataset.count));
  button.hidden = false;
}

function clear(place) {
  delete place.dataset.count;
  place.querySelector("button").hidden = true;
}

async function bring(place) {
  const list = document.getElementById(place.dataset.newTarget);
  if (!list?.dataset.part) {
    location.reload();
    return;
  }
  const before = new Set([...list.querySelectorAll("[id]")].map((item) => item.id));
  await refresh(list);
  clear(place);
  const fresh = [...document.querySelectorAll(`#${CSS.escape(place.dataset.newTarget)} [data-item][id]`)].filter((item) => !before.has(item.id));
  fresh.forEach((item) => item.classList.add("is-new"));
  const first = fresh[0] ?? document.getElementById(place.dataset.newTarget);
  if (!first.hasAttribute("tabindex")) first.tabIndex = -1;
  first.focus();
  announce(word("loaded"));
}
