"""What is written down of a request: the name by which it is found again, and one line once it is answered. No address of a person, no query, nothing that
lets its reader in."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from flask import Flask, Response, current_app, g, request, request_started

from cocreate.core import clock, logs

log = logging.getLogger(__name__)
LONGEST = 200  # characters of an address
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})  # asked every few seconds, by machines that know an address and not a name
FILES = "/static/"  # some thirty with each page, which has its own line
Answered = Callable[[str, str | None, int, float], None]
_listeners: list[Answered] = []
_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def on_answered(listener: Answered) -> None:
    """Have `listener(method, rule, status, seconds)` called for each answer; rule is the route's own text, None where there is no such address."""
    if listener not in _listeners:
        _listeners.append(listener)


def install(app: Flask) -> None:
    request_started.connect(_name, app)
    app.teardown_request(_forget)


def _name(_app: Flask, **_more: Any) -> None:
    g.request_id = _name_of(current_app, request.environ)
    g.began = clock.ticks()
    logs.request_id.set(g.request_id)


def _name_of(app: Flask, environ: dict[str, Any]) -> str:
    """As the proxy calls it, where there is one that may be believed."""
    given = environ.get("HTTP_X_REQUEST_ID", "") if app.config["SETTINGS"].trusted_proxies else ""
    return given if _SANE.fullmatch(given) else uuid4().hex[:12]


def _forget(_error: BaseException | None) -> None:
    logs.request_id.set("")


@contextmanager
def named(app: Flask, environ: dict[str, Any]) -> Iterator[str]:
    """The name of a request that is answered without the application, for what is logged in this block."""
    name = _name_of(app, environ)
    logs.request_id.set(name)
    try:
        yield name
    finally:
        logs.request_id.set("")


def write(response: Response) -> None:
    rule = request.url_rule.rule if request.url_rule is not None else None
    answered(request.method, rule, logged_path(), response.status_code, clock.ticks() - g.began)


def answered(method: str, rule: str | None, path: str, status: int, seconds: float) -> None:
    """Say that a request was answered: `path` as it may be logged."""
    for listener in _listeners:
        listener(method, rule, status, seconds)
    if (path in PROBES or path.startswith(FILES)) and status < 400:
        return
    told = {"method": method[:20], "path": path[:LONGEST], "status": status, "ms": round(seconds * 1000)}
    log.info("%s %s %s", told["method"], told["path"], status, extra=told)


def logged_path() -> str:
    """The address. Of one that holds a secret only what it is for, and of one that is none here, which may be such a link mistyped, only its first part."""
    rule = request.url_rule
    if rule is None:
        first, _, rest = request.path[1:].partition("/")
        return f"/{first[:LONGEST]}" + ("/…" if rest else "")
    return rule.rule.replace("<token>", "…") if "token" in rule.arguments else request.path[:LONGEST]
