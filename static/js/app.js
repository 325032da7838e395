// Starts the behaviours a page has elements for. Everything works without them: they make it faster, live and forgiving.

const load = (name) => import(`./elements/${name}.js`);

// [what must be on the page, which module]; each module's start() listens on the document, so it is called once.
const behaviours = [
  ["form[data-stances]", () => load("stances")],
  ["form[method=post]:not([data-native], [data-stances])", () => load("submit")],
  ["form[data-draft]", () => load("drafts")],
  [".input", () => load("fields")],
  ["[data-toast]", () => load("toasts")],
  ["#ending", () => load("ending")],
  ["a[data-in-place], details > form", () => load("in-place")],
  ["a[data-replace]", () => load("replace")],
  ["[data-similar]", () => load("similar")],
  [".inbox-row.unread", () => load("opened")],
  ["form[data-press-now]", () => load("press-now")],
  ["[data-live-board]", () => load("strips")],
  ["[data-live-board] [data-part], [data-part]", () => load("parts")],
  ["[data-new-kind]", () => load("new-items")],
  ["[data-live-board], [data-live]", () => load("hearing")],
  ["[data-live-board], [data-live]", () => import("./live.js")],
];
const started = new Set();

async function startWhatIsHere() {
  const due = behaviours.filter((behaviour) => !started.has(behaviour) && document.querySelector(behaviour[0]));
  due.forEach((behaviour) => started.add(behaviour));
  // Fetched together, started in order: who reacts to the live channel listens before it opens.
  for (const coming of due.map(([, fetchIt]) => fetchIt())) (await coming).start();
}

// What is sent before all behaviours are there waits for them, the last press counts; where none comes, it goes as without scripts. One that is there
// already does not hear of it yet: done at once and once more later, a voice would be taken back.
const held = new Map(); // form → the button pressed
function hold(event) {
  if (!event.target.matches("form[method=post]:not([data-native])") || event.submitter?.matches("[data-native]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  held.set(event.target, event.submitter);
}
document.addEventListener("submit", hold);
startWhatIsHere().finally(() => {
  document.removeEventListener("submit", hold);
  held.forEach((submitter, form) => form.requestSubmit(submitter));
});
document.addEventListener("page:changed", startWhatIsHere);

// Enter sends a line, however early; Ctrl+Enter sends any field. While an input method composes, Enter chooses a word.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  if (event.isComposing || event.keyCode === 229) event.preventDefault();
  else if (event.target.matches("textarea[data-line]") || ((event.metaKey || event.ctrlKey) && event.target.matches("textarea"))) {
    event.preventDefault();
    event.target.form?.requestSubmit();
  }
});

// Keys are fetched with the first one pressed; that one counts too, and those that follow before they are there.
const early = [];
async function wakeKeys(event) {
  early.push(event);
  if (early.length > 1) return;
  const keys = await load("keys");
  document.removeEventListener("keydown", wakeKeys);
  keys.start();
  early.forEach(keys.press);
}
document.addEventListener("keydown", wakeKeys);

// Signing out on a shared computer leaves no unsent words behind, whoever wrote them (lib/drafts.js keeps them).
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-signs-out]")) return;
  document.dispatchEvent(new CustomEvent("drafts:forget"));
  for (const storage of [sessionStorage, localStorage]) {
    for (const name of Object.keys(storage)) if (name.startsWith("draft:")) storage.removeItem(name);
  }
}, true);

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  // An open menu closes when one clicks beside it.
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
