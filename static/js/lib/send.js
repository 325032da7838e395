// Sending a form and reading pages, as this visitor. Addresses come from the markup, never from here.

const LIMIT = 20_000; // ms; past this a person should be told

export async function post(form, submitter, accept = "text/html") {
  const body = new URLSearchParams(new FormData(form, submitter ?? undefined));
  const headers = { "X-Requested-With": "fetch", Accept: accept };
  const token = document.body.dataset.csrf;
  if (token) headers["X-CSRF-Token"] = token;
  const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
  return fetch(action, { method: "POST", body, headers, redirect: "follow", signal: AbortSignal.timeout(LIMIT) });
}

export async function getPage(url) {
  return fetch(url, { headers: { "X-Requested-With": "fetch", Accept: "text/html" }, signal: AbortSignal.timeout(LIMIT) });
}

export function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

// What an error page says of itself, in its own words.
export function reasonIn(page) {
  return page.querySelector("[data-reason]")?.textContent.trim() ?? "";
}
