// The words of scripts (translated by the server into <template id="words">), and the three ways to say something.

const rules = new Intl.PluralRules(document.documentElement.lang || "en");
const waiting = {}; // region → what is about to be said in it

export function fill(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

function entry(name) {
  return document.getElementById("words")?.content.querySelector(`[data-word="${name}"]`);
}

export function word(name, values) {
  return fill(entry(name)?.textContent ?? "", values);
}

// `forms` has one, few and other, as data attributes of an element.
export function countOf(forms, n) {
  return fill(forms[rules.select(n)] ?? forms.other, { n });
}

export function counted(name, n) {
  const found = entry(name);
  return found ? countOf(found.dataset, n) : String(n);
}

function speak(id, text) {
  const region = document.getElementById(id);
  if (!region || !text) return;
  // Emptied first, so that the same sentence is read out again; what comes in the same moment is said together.
  region.textContent = "";
  clearTimeout(waiting[id]?.timer);
  const texts = [...(waiting[id]?.texts ?? []), text];
  const timer = setTimeout(() => {
    delete waiting[id];
    region.textContent = texts.join(" ");
  }, 40);
  waiting[id] = { texts, timer };
}

export const announce = (text) => speak("said", text);
export const warn = (text) => speak("warned", text);

function fromTemplate(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

export function template(id, text) {
  const made = fromTemplate(id);
  if (text !== undefined) made.querySelector("p, span").textContent = text;
  return made;
}

// A toast that offers to try again; one at a time, the newest.
export function toastRetry(text, retry) {
  const toasts = document.getElementById("toasts");
  toasts.querySelector("[data-failed]")?.remove();
  const toast = template("toast-retry", text);
  toast.dataset.failed = "";
  toast.querySelector("[data-retry]").addEventListener("click", () => { toast.remove(); retry(); });
  toasts.append(toast);
  warn(text);
  document.dispatchEvent(new CustomEvent("page:changed"));
}
