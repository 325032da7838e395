// A link that puts what `data-from` answers in place of an element, such as the next idea to weigh. Without a script it is a plain link.

import { getPage, parse } from "../lib/send.js";

export function start() {
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-replace]");
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const target = document.querySelector(link.dataset.replace);
    const answer = await getPage(link.dataset.from).catch(() => null);
    if (!target || !answer?.ok) return location.assign(link.href);
    const found = parse(await answer.text()).querySelector(link.dataset.replace);
    if (!found) return target.remove();
    target.replaceWith(found);
    found.querySelector("button, a")?.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("page:changed"));
  });
}
