// <form data-draft="key">: what is typed is kept until it is sent, through reloads, crashes and lost sessions.

import { elsewhere, forget, isOpen, keep, own, setAside, tab } from "../lib/drafts.js";
import { template } from "../lib/say.js";

const PAUSE = 300; // ms after the last key
const KEPT = "textarea, select, input:not([type=hidden], [type=password], [type=file], [autocomplete=one-time-code]), input[name=once], input[name=text_version]";
const timers = new Map();
const met = new WeakSet();

export function start() {
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-draft]")) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(save, PAUSE, form));
  });
  document.addEventListener("form:left", (event) => save(event.target));
  document.addEventListener("form:sent", (event) => done(event.target));
  document.addEventListener("drafts:forget", leave);
  document.addEventListener("visibilitychange", saveAll);
  window.addEventListener("pagehide", saveAll);
  document.addEventListener("page:changed", meetAll);
  meetAll();
}

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && field.matches(KEPT) && !field.matches("[data-no-draft]"));
}

const isTick = (field) => field.type === "checkbox" || field.type === "radio";
const isSelect = (field) => field.type.startsWith("select");
const isKey = (field) => field.name === "once" || field.name === "text_version"; // go with the words: the same sending, of a change of the same text

function isChanged(field) {
  if (isTick(field)) return field.checked !== field.defaultChecked;
  if (isSelect(field)) return [...field.options].some((option) => option.selected !== option.defaultSelected) && field.selectedIndex > 0;
  return field.value !== field.defaultValue;
}

function save(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
  const fields = fieldsOf(form);
  if (!fields.some(isChanged)) {
    // Emptied by hand: then nothing is kept. A form that came filled and is untouched was kept before, or never typed in.
    if (fields.every((field) => isTick(field) || isSelect(field) || isKey(field) || !field.value)) forget(form.dataset.draft);
    return;
  }
  keep(form.dataset.draft, fields.map((field) => [field.name, field.value, isTick(field) ? field.checked : null]));
}

function saveAll() {
  for (const form of [...timers.keys()]) save(form);
}

function done(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
  if (form.dataset.draft) forget(form.dataset.draft);
  form.querySelectorAll("[data-kept]").forEach((note) => note.remove());
}

// Somebody signs out: what waits for its pause must not be written after all was forgotten.
function leave() {
  timers.forEach((timer) => clearTimeout(timer));
  timers.clear();
}

function meetAll() {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (met.has(form)) continue;
    met.add(form);
    meet(form);
  }
}

async function meet(form) {
  const key = form.dataset.draft;
  const mine = own(key);
  if (mine && isTypedOver(form, mine.fields)) {
    setAside(key, mine);
  } else if (mine) {
    if (put(form, mine.fields)) note(form, "draft-kept", { forget: () => startAfresh(form) });
    keep(key, mine.fields);
    if (mine.tab !== tab && !(await isOpen(mine.tab))) forget(key, mine.tab);
    return;
  }
  // What was typed before this script came made no timer run.
  if (fieldsOf(form).some(isChanged)) save(form);
  const other = elsewhere(key);
  if (!other) return;
  if (await isOpen(other.tab)) {
    note(form, "draft-elsewhere", { bring: () => bring(form, other), leave: () => {} });
    return;
  }
  // That tab is gone, by a crash or by being closed: its words come back where they belong, or are offered where something was typed meanwhile.
  if (fieldsOf(form).some(isChanged)) {
    note(form, "draft-older", { bring: () => bring(form, other) });
    return;
  }
  bring(form, other);
  note(form, "draft-kept", { forget: () => startAfresh(form) });
}

// Whether something else was typed before this script came. What a browser puts back after a crash is a beginning of what is kept.
function isTypedOver(form, saved) {
  const kept = new Map(saved.map(([name, value]) => [name, value]));
  return fieldsOf(form).some((field) => !isTick(field) && isChanged(field) && !kept.get(field.name)?.startsWith(field.value));
}

function bring(form, entry) {
  const key = form.dataset.draft;
  // What it takes the place of is offered the next time.
  if (fieldsOf(form).some(isChanged)) {
    save(form);
    const typed = own(key);
    if (typed) setAside(key, typed);
  }
  put(form, entry.fields);
  keep(key, entry.fields);
  // An open tab writes its copy again with its next key, under its own number.
  forget(key, entry.tab);
}

// Whether anything on the page changed by it.
function put(form, saved) {
  let changed = false;
  const waiting = fieldsOf(form);
  for (const [name, value, isOn] of saved) {
    const field = waiting.find((found) => found.name === name && (!isTick(found) || found.value === value));
    if (!field) continue;
    waiting.splice(waiting.indexOf(field), 1);
    if (isTick(field) ? field.checked === isOn : field.value === value) continue;
    changed ||= !isKey(field);
    if (isTick(field)) field.checked = isOn;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return changed;
}

function startAfresh(form) {
  form.reset();
  clearTimeout(timers.get(form));
  timers.delete(form);
  forget(form.dataset.draft);
  fieldsOf(form).find((field) => !isKey(field))?.focus();
}

// `choices`: what each button of the note does, by its data attribute.
function note(form, id, choices) {
  form.querySelectorAll("[data-kept]").forEach((old) => old.remove());
  const made = template(id);
  for (const [name, act] of Object.entries(choices)) {
    made.querySelector(`[data-${name}]`).addEventListener("click", () => { made.remove(); act(); });
  }
  const first = form.querySelector(".field") ?? form.querySelector(".submit");
  if (first) first.before(made);
  else form.prepend(made);
}
