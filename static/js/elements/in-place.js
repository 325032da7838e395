// A link to a form's own page that opens the form where the link stands. Escape puts the link back; what was typed stays in the draft. A form that is
// folded away opens ready to be written in, as well.

import { getPage, parse } from "../lib/send.js";

const links = new WeakMap(); // form → the link it stands for
let opened = 0;

export function start() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-in-place]");
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (link && isPlain) {
      event.preventDefault();
      open(link);
    }
    const folded = event.target.closest("summary")?.parentElement;
    if (folded && !folded.open && folded.querySelector(":scope > form")) folded.addEventListener("toggle", () => firstField(folded)?.focus(), { once: true });
    const cancel = event.target.closest("form[data-in-place-of] [data-cancel]");
    if (cancel && isPlain) {
      event.preventDefault();
      putBack(cancel.closest("form"));
    }
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form[data-in-place-of]");
    if (event.key === "Escape" && !event.isComposing && form) putBack(form);
  });
}

async function open(link) {
  if (link.ariaBusy === "true") return;
  link.ariaBusy = "true";
  const form = await fetchForm(link.href).catch(() => null);
  link.ariaBusy = null;
  if (!form) {
    location.assign(link.href); // the page says better than we what is in the way
    return;
  }
  opened += 1;
  form.dataset.suffix = `-${opened}`;
  form.dataset.inPlaceOf = link.getAttribute("href");
  suffixIds(form, form.dataset.suffix);
  links.set(form, link);
  link.replaceWith(form);
  document.dispatchEvent(new CustomEvent("page:changed"));
  firstField(form)?.focus();
}

async function fetchForm(url) {
  const answer = await getPage(url);
  if (!answer.ok || new URL(answer.url).pathname !== new URL(url).pathname) return null;
  return parse(await answer.text()).querySelector("main form.form");
}

// Two forms on one page may both have a field called body: their ids must differ, and what points at them follows.
export function suffixIds(form, suffix) {
  const own = new Set([...form.querySelectorAll("[id]")].map((element) => element.id));
  const rename = (id) => (own.has(id) ? id + suffix : id);
  for (const element of form.querySelectorAll("[id], [for], [aria-describedby], a[href^='#']")) {
    if (element.id) element.id = rename(element.id);
    if (element.htmlFor) element.htmlFor = rename(element.htmlFor);
    const described = element.getAttribute("aria-describedby");
    if (described) element.setAttribute("aria-describedby", described.split(/\s+/).map(rename).join(" "));
    const href = element.getAttribute("href");
    if (href?.startsWith("#")) element.setAttribute("href", `#${rename(href.slice(1))}`);
  }
}

function firstField(form) {
  return form.querySelector("[autofocus], .input, input:not([type=hidden]), select");
}

function putBack(form) {
  const link = links.get(form);
  form.dispatchEvent(new CustomEvent("form:left", { bubbles: true }));
  if (!link) {
    location.assign(form.dataset.inPlaceOf);
    return;
  }
  form.replaceWith(link);
  link.focus();
}
