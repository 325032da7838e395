"""What is written down of a request: the name by which it is found again, and one line once it is answered. No address of a person, no query, nothing that
lets its reader in."""

import logging
import re
from typing import Any
from uuid import uuid4

from flask import Flask, Response, current_app, g, request, request_started

from cocreate.core import clock, logs

log = logging.getLogger(__name__)
LONGEST = 200  # characters of an address
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})  # asked every few seconds, by machines that know an address and not a name
FILES = "/static/"  # some thirty with each page, which has its own line
_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def install(app: Flask) -> None:
    request_started.connect(_name, app)
    app.teardown_request(_forget)


def _name(_app: Flask, **_more: Any) -> None:
    """As the proxy calls it, where there is one that may be believed."""
    given = request.headers.get("X-Request-ID", "") if current_app.config["SETTINGS"].trusted_proxies else ""
    g.request_id = given if _SANE.fullmatch(given) else uuid4().hex[:12]
    g.began = clock.ticks()
    logs.request_id.set(g.request_id)


def _forget(_error: BaseException | None) -> None:
    logs.request_id.set("")


def write(response: Response) -> None:
    if (request.path in PROBES or request.path.startswith(FILES)) and response.status_code < 400:
        return
    method, path, status = request.method[:20], logged_path(), response.status_code
    ms = round((clock.ticks() - g.began) * 1000)
    log.info("%s %s %s", method, path, status, extra={"method": method, "path": path, "status": status, "ms": ms})


def logged_path() -> str:
    """The address. Of one that holds a secret only what it is for, and of one that is none here, which may be such a link mistyped, only its first part."""
    rule = request.url_rule
    if rule is None:
        first, _, rest = request.path[1:].partition("/")
        return f"/{first[:LONGEST]}" + ("/…" if rest else "")
    return rule.rule.replace("<token>", "…") if "token" in rule.arguments else request.path[:LONGEST]
