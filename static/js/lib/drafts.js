// Where unsent words are kept. A tab's own copy is in its session storage; a second one in local storage outlives a crash of the tab.
// Keyed by who is signed in, so that another person never sees them, and by tab, so that a second tab never overwrites.

const KEPT_FOR = 7 * 24 * 3600 * 1000;
const viewer = document.body.dataset.viewer || "visitor";
const base = (key) => `draft:${viewer}:${key}`;

// Storage may be full or forbidden; then the page works as without it.
export function quietly(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

const newNumber = () => crypto.getRandomValues(new Uint32Array(2)).join("");

// Still open on load means: this tab was copied, or crashed. Either way its number may be in use, so it takes a new one.
function ownTab() {
  return quietly(() => {
    if (!sessionStorage.getItem("tab") || sessionStorage.getItem("tab-open") === "yes") sessionStorage.setItem("tab", newNumber());
    return sessionStorage.getItem("tab");
  }) ?? "only";
}
export const tab = ownTab();
const mark = (value) => quietly(() => sessionStorage.setItem("tab-open", value));
mark("yes");
window.addEventListener("pagehide", () => mark("no"));
window.addEventListener("pageshow", () => mark("yes"));

function read(storage, name) {
  const found = quietly(() => JSON.parse(storage.getItem(name)));
  return found && Date.now() - found.at < KEPT_FOR ? found : null;
}

export function keep(key, fields) {
  const entry = JSON.stringify({ fields, tab, at: Date.now() });
  quietly(() => sessionStorage.setItem(base(key), entry));
  quietly(() => localStorage.setItem(`${base(key)}:${tab}`, entry));
}

// What this tab kept, when other words take its place: it is offered as if from a tab that is gone.
export function setAside(key, entry) {
  forget(key);
  forget(key, entry.tab);
  const number = newNumber();
  quietly(() => localStorage.setItem(`${base(key)}:${number}`, JSON.stringify({ ...entry, tab: number })));
}

export function forget(key, ofTab = tab) {
  if (ofTab === tab) quietly(() => sessionStorage.removeItem(base(key)));
  quietly(() => localStorage.removeItem(`${base(key)}:${ofTab}`));
}

export function own(key) {
  return read(sessionStorage, base(key)) ?? read(localStorage, `${base(key)}:${tab}`);
}

// The newest draft of another tab, open or gone.
export function elsewhere(key) {
  const start = `${base(key)}:`;
  const names = quietly(() => Object.keys(localStorage)) ?? [];
  const found = names.filter((name) => name.startsWith(start) && name !== start + tab).map((name) => read(localStorage, name));
  return found.filter(Boolean).sort((one, other) => other.at - one.at)[0] ?? null;
}

// Tabs ask each other who is there. Closed while the page is put away, so that it can be kept for Back.
let channel;
const asked = new Map();

function listen() {
  channel = quietly(() => new BroadcastChannel("drafts"));
  if (!channel) return;
  channel.onmessage = ({ data }) => {
    if (data.ask === tab) channel.postMessage({ here: tab });
    asked.get(data.here)?.(true);
  };
}
listen();
window.addEventListener("pagehide", () => channel?.close());
window.addEventListener("pageshow", (event) => event.persisted && listen());

export function isOpen(other) {
  return new Promise((resolve) => {
    asked.set(other, resolve);
    channel?.postMessage({ ask: other });
    setTimeout(resolve, 150, false);
  });
}
