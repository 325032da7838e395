// Strips that follow the count: bars and numbers at once, words when the part around them is fetched.

import { fill, word } from "../lib/say.js";
import { keyOf, refOf, shifted, widths } from "../lib/tally.js";

export function start() {
  document.addEventListener("live:tally", (event) => {
    const votes = event.detail.tallies.reduce((sum, tally) => sum + show(tally), 0);
    if (votes) document.dispatchEvent(new CustomEvent("strip:votes", { detail: votes }));
  });
}

export const stripsOf = (ref) => document.querySelectorAll(`[data-strip="${CSS.escape(ref)}"]`);

// Sets every strip of this thing; lower versions are old news. Answers how many voices came in.
export function show(tally) {
  let came = 0;
  for (const strip of stripsOf(refOf(tally))) {
    if (tally.version < Number(strip.dataset.version)) continue;
    came = Math.max(came, tally.voices - Number(strip.dataset.voices));
    strip.dataset.version = tally.version;
    strip.dataset.voices = tally.voices;
    forget(strip);
    const rows = rowsOf(strip);
    const cells = tally.tallies ?? [];
    // Groups that are counted in other cells than before: only the server draws those, with the part around them.
    if (cells.length === rows.size && cells.every((cell) => rows.has(keyOf(cell)))) cells.forEach((cell) => setRow(rows.get(keyOf(cell)), cell));
    if (tally.sentence && strip.querySelector("[data-says]")) strip.querySelector("[data-says]").textContent = tally.sentence;
  }
  return came;
}

// What the server said last, of strips and rows that show a guess; news of the server end the guess.
const truths = new WeakMap();

function forget(strip) {
  truths.delete(strip);
  for (const row of rowsOf(strip).values()) truths.delete(row);
}

// One's own stance, shown before the server knows; `truth` is the one it knows. Not with safe dissent: there a count does not follow one voice.
export function guess(ref, truth, wish) {
  const group = document.body.dataset.viewerGroup;
  for (const strip of stripsOf(ref)) {
    if (!truths.has(strip)) truths.set(strip, Number(strip.dataset.voices));
    strip.dataset.voices = truths.get(strip) + Number(wish !== "none") - Number(truth !== "none");
    if ("steady" in strip.dataset) continue;
    const row = [...rowsOf(strip).values()].find((found) => found.dataset.cell.split(" ").includes(group));
    if (!row) continue;
    if (!truths.has(row)) truths.set(row, countsOf(row));
    setRow(row, shifted(truths.get(row), truth, wish));
  }
}

function rowsOf(strip) {
  return new Map([...strip.querySelectorAll("[data-cell]")].map((row) => [row.dataset.cell, row]));
}

function countsOf(row) {
  return { agree: Number(row.dataset.agree), pass: Number(row.dataset.pass), disagree: Number(row.dataset.disagree) };
}

function setRow(row, counts) {
  const { agree, pass, disagree } = counts;
  Object.assign(row.dataset, { agree, pass, disagree });
  for (const [name, [x, width]] of Object.entries(widths(counts))) {
    const bar = row.querySelector(`rect.${name}`);
    bar.setAttribute("x", `${x}%`);
    bar.setAttribute("width", `${width}%`);
  }
  row.querySelector("svg").setAttribute("aria-label", fill(word("track"), { group: row.dataset.name, agree, pass, disagree }));
  row.querySelector("[data-of]").textContent = word("of", { agree, count: agree + pass + disagree });
}
