// .inbox-row.unread: what one opens is read. Without a script, or for what needs no look, there is the button.

export function start() {
  document.addEventListener("click", (event) => {
    const form = event.target.closest("a")?.closest(".inbox-row.unread")?.querySelector("form");
    if (!form) return;
    const body = new URLSearchParams(new FormData(form));
    fetch(form.getAttribute("action"), { method: "POST", body, headers: { "X-Requested-With": "fetch" }, keepalive: true }).catch(() => {});
  });
}
