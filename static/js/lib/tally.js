// Counting for the strip.

// Where the three bars begin and how long they are, in per cent.
export function widths({ agree, pass, disagree }) {
  const whole = Math.max(agree + pass + disagree, 1);
  const share = (n) => Math.round((10_000 * n) / whole) / 100;
  return { agree: [0, share(agree)], pass: [share(agree), share(pass)], disagree: [share(agree + pass), share(disagree)] };
}

// The counts after one person's stance went from one to another; "none" where there is none.
export function shifted(counts, from, to) {
  const next = { ...counts };
  if (from !== "none") next[from] = Math.max(next[from] - 1, 0);
  if (to !== "none") next[to] += 1;
  return next;
}

export const refOf = (tally) => tally.subject ?? (tally.amendment ? `amendment:${tally.amendment}` : `idea:${tally.idea}`);
// Whether the page shows an older count of it, or none that says how old it is.
export function isNews(tally) {
  const strips = [...document.querySelectorAll(`[data-strip="${CSS.escape(refOf(tally))}"]`)];
  return !strips.length || strips.some((strip) => tally.version > Number(strip.dataset.version));
}

export const keyOf = (cell) => cell.groups.join(" ");

// All refs an event is about: its subject, its board, and every id in its data ({"idea": 12} is "idea:12").
export function refsOf(event) {
  const data = Object.entries(event.data ?? {});
  const numbered = data.filter(([, value]) => Number.isInteger(value)).map(([name, value]) => `${name.replace(/_id$/, "")}:${value}`);
  const named = data.map(([, value]) => value).filter((value) => /^[a-z_]+:\d+$/.test(value));
  return new Set([event.subject, `board:${event.board}`, ...numbered, ...named]);
}
