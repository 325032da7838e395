"""Pages that all visitors see alike: drawn once while nothing in the database changes, and then answered before anything else is done for them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, ParamSpec

from flask import Flask, Response, current_app, g, request, session

from cocreate.core import clock
from cocreate.core.db import snapshot
from cocreate.entrypoints import requestlog

P = ParamSpec("P")

MOST_PAGES = 100  # some eighty kilobytes each
LONGEST = 2  # seconds that a page is kept: what it takes from elsewhere than the database, as who is here now, is at most so old
ID = "X-Request-Id"

Address = tuple[str, str, str]
Stamp = tuple[str | None, int]
Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


@dataclass(frozen=True)
class Kept:
    """A page as it was answered, but for the request's own name."""

    stamp: Stamp
    rule: str
    headers: list[tuple[str, str]]
    body: bytes


def alike_for_visitors(view: Callable[P, Any]) -> Callable[P, Any]:
    """Have a page be drawn once for all visitors. A browser that carries anything of its own, as a session, a toast or words to be kept, gets its own."""

    @wraps(view)
    def page(*args: P.args, **kwargs: P.kwargs) -> Any:
        if session:
            return view(*args, **kwargs)
        # Before anything is asked of the database: what is written meanwhile makes a page newer than its stamp, never older.
        g.alike = _stamp()
        kept = _pages(current_app).get(_address(request.environ))
        return Response(kept.body, mimetype="text/html") if kept and kept.stamp == g.alike else view(*args, **kwargs)

    return page


def keep(response: Response) -> Response:
    """The last that is done with an answer: a page that was drawn for all visitors is kept for them."""
    stamp: Stamp | None = g.get("alike")
    if stamp and stamp[0] and request.method == "GET" and response.status_code == 200 and not session and "Set-Cookie" not in response.headers:
        pages, address, body = _pages(current_app), _address(request.environ), response.get_data()
        headers = [(name, value) for name, value in response.headers if name not in (ID, "Content-Length")]
        pages.pop(address, None)
        pages[address] = Kept(stamp, str(request.url_rule), [*headers, ("Content-Length", str(len(body))), ("Vary", "Cookie")], body)
        while len(pages) > MOST_PAGES:
            pages.pop(next(iter(pages)), None)
    return response


def install(app: Flask) -> None:
    """To be called when all else stands in front of the application but what says who its callers are."""
    app.wsgi_app = partial(_answer, app, app.wsgi_app)  # type: ignore[method-assign]
    app.after_request(keep)


def _answer(app: Flask, inner: Application, environ: Environ, start_response: Any) -> Iterable[bytes]:
    is_visitor = environ["REQUEST_METHOD"] == "GET" and "HTTP_COOKIE" not in environ and "HTTP_AUTHORIZATION" not in environ
    kept = _pages(app).get(_address(environ)) if is_visitor else None
    if kept is None or environ.get("HTTP_HOST") not in app.config["SETTINGS"].allowed_hosts:
        return inner(environ, start_response)
    began = clock.ticks()
    clock.pause(0)  # a busy connection lets the others have their turn
    with app.app_context():
        if kept.stamp != _stamp():
            return inner(environ, start_response)
    with requestlog.named(app, environ) as name:
        start_response("200 OK", [*kept.headers, (ID, name)])
        requestlog.answered("GET", kept.rule, environ["PATH_INFO"], 200, clock.ticks() - began)
    return [kept.body]


def _pages(app: Flask) -> dict[Address, Kept]:
    pages: dict[Address, Kept] = app.extensions.setdefault("cocreate_pages", {})
    return pages


def _address(environ: Environ) -> Address:
    return environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")


def _stamp() -> Stamp:
    return snapshot(), int(clock.now().timestamp() / LONGEST)
