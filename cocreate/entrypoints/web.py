"""The web door: hosts and origins, CSRF, headers, error pages. Views themselves live in each slice's `web.py`."""

import hashlib
import logging
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Blueprint, Flask, Response, abort, current_app, g, render_template, request, send_from_directory, url_for
from flask_babel import get_locale, gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from cocreate.config import Settings
from cocreate.core import clock, markdown, unwritten
from cocreate.core.errors import Failure, NotFound, NotSignedIn, Unavailable
from cocreate.entrypoints import alike, api, forms, requestlog, signin
from cocreate.entrypoints.drawing import Drawn

log = logging.getLogger(__name__)
csrf = CSRFProtect()
blueprint = Blueprint("web", __name__)

STATIC = Path(__file__).parents[2] / "static"
SHEET = "css/app.css"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BODY_LIMIT = 256 * 1024  # bytes; the longest text is 10,000 characters
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self' {sockets}; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-src {frames}; frame-ancestors {frames}; manifest-src 'self'"
)


class Id(IntegerConverter):
    """A number in an address, as Refs have it; a longer one, which no database could hold, is no address of ours by any method."""

    regex = r"\d{1,9}"


def install(app: Flask, settings: Settings) -> None:
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        SESSION_COOKIE_NAME="__Host-cocreate" if settings.https else f"cocreate_{settings.public_port}",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=clock.days(90),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_HEADERS=["X-CSRF-Token"],
        WTF_CSRF_SSL_STRICT=False,  # the origin is checked here, for every scheme
    )
    alike.install(app)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    csrf.init_app(app)
    requestlog.install(app)
    app.before_request(_arrive)
    app.after_request(_leave)
    app.register_blueprint(blueprint)
    app.register_error_handler(Failure, answer_failure)
    app.register_error_handler(HTTPException, _http_failure)
    app.register_error_handler(DBAPIError, _database_failure)
    app.register_error_handler(PoolTimeout, _database_failure)
    app.register_error_handler(500, _our_failure)
    app.jinja_env.filters.update(trusted=markdown.trusted, iso_day=date.fromisoformat)
    words = {
        "static_url": static_url,
        "viewer": signin.viewer,
        "toasts": forms.toasts,
        "once_key": forms.once_key,
        "here": forms.here,
        "now": clock.now,
        "drawn": Drawn().draw,
        "language": language,
    }
    app.jinja_env.globals.update(words, socket_path=socket_path, socket_transports="websocket polling" if settings.polling else "websocket")


@cache
def _policy(settings: Settings) -> str:
    sockets = " ".join(origin.replace("http", "ws", 1) for origin in settings.origins)
    return POLICY.format(sockets=sockets, frames="'self'" if settings.demo else "'none'")


def language() -> str:
    """What the page is written in, as HTML names it."""
    return str(get_locale() or "en").replace("_", "-")


def _arrive() -> None:
    settings: Settings = current_app.config["SETTINGS"]
    # Without this a busy keep-alive connection starves the others: nothing else here gives way to them.
    clock.pause(0)
    if request.path not in requestlog.PROBES and request.environ.get("HTTP_HOST", "") not in settings.allowed_hosts:
        abort(400, _("This site does not answer to that name."))
    # A call names the field that holds it; anywhere else it is no address of ours, and PostgreSQL could not even look for it.
    if "\x00" in request.path or (b"\x00" in unquote_to_bytes(request.query_string) and not request.path.startswith("/api/")):
        abort(404)
    if request.method in SAFE_METHODS:
        unwritten.arrive()
    elif not signin.uses_token():
        _check_origin(settings)
        if signin.has_session() or not request.path.startswith("/api/"):  # else a call that writes says 401 itself
            csrf.protect()


def _check_origin(settings: Settings) -> None:
    """A browser says where a request comes from; what comes from elsewhere is refused, with or without a token."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if (origin is not None and origin not in settings.origins) or site in ("cross-site", "same-site"):
        g.is_foreign = True
        abort(403, _("This was sent from another site."))


def _leave(response: Response) -> Response:
    settings: Settings = current_app.config["SETTINGS"]
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _policy(settings))
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["X-Request-Id"] = g.request_id
    if settings.https:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    if "Cache-Control" not in headers:
        known = getattr(g.get("viewer"), "is_authenticated", False) or "Set-Cookie" in headers
        headers["Cache-Control"] = "no-store, private" if known else "no-cache, private"
    requestlog.write(response)
    return response


def answer_failure(failure: Failure, again: bool = False) -> Any:
    """A failure as this caller reads it: problem+json under /api, else a page that says what happened, what is safe and the next step, with every word
    that was typed. What may go well the next time can be sent again from it."""
    if request.path.startswith("/api/"):
        return api.problem(failure)
    g.viewer = signin.viewer_or_nobody()  # the page asks who reads it, and may not fail
    if isinstance(failure, NotSignedIn):
        return render_template("errors/sign_in.html", reason=failure.reason), 401
    headers = {"Retry-After": str(failure.retry_after)} if failure.retry_after else {}
    words = {"unsent": forms.unsent(), "again": again or failure.status >= 429, "request_id": g.get("request_id")}
    return render_template("errors/page.html", status=failure.status, reason=failure.reason, **words), failure.status, headers


def _http_failure(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, CSRFError):
        error.code = 403
        reason = _("This page was open for too long, or in another session. Open it again to send what you typed.")
    else:
        reason = error.description if error.code in (400, 403) and error.description else ""
    failure = NotFound() if error.code == 404 else Failure(reason)
    failure.status = error.code
    answer = current_app.make_response(answer_failure(failure, again=isinstance(error, CSRFError)))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _database_failure(error: Exception) -> Any:
    """The database does not answer: said so, without its words. Our own mistakes in SQL stay errors of ours."""
    original = getattr(error, "orig", None)
    if original is not None and type(original).__name__ not in ("OperationalError", "InterfaceError", "AdminShutdown", "LockNotAvailable", "QueryCanceled"):
        if not isinstance(original, OSError) and not getattr(error, "connection_invalidated", False):
            return _our_failure(error)
    log.error("database unavailable: %s", type(original or error).__name__)
    return answer_failure(Unavailable(_("The site cannot reach its database just now. Nothing that was saved is lost. Try again in a few seconds.")))


def _our_failure(error: Exception) -> Any:
    cause = getattr(error, "original_exception", None) or error
    log.error("request %s failed", g.request_id, exc_info=cause)
    failure = Failure(_("Something went wrong on our side. It is not your doing; try again."))
    return answer_failure(failure)


@cache
def static_version() -> str:
    """A hash over all static files: it stands in their addresses, so that they can be kept for a year."""
    found = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            found.update(path.relative_to(STATIC).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:12]


@cache
def joined_sheet() -> str:
    """The one sheet with the files it imports put in their layers, so that a page asks once."""

    def put(found: re.Match[str]) -> str:
        text = (STATIC / "css" / found[1]).read_text()
        return f"@layer {found[2]} {{\n{text}}}\n" if found[2] else text

    return re.sub(r'@import url\("([\w/-]+\.css)"\)(?: layer\((\w+)\))?;\n', put, (STATIC / SHEET).read_text())


def static_url(name: str) -> str:
    return url_for("web.static_file", version=static_version(), name=name)


def socket_path() -> str:
    """Where the sockets are, for the page's script."""
    return f"{request.script_root}/socket.io"


def absolute_url(path: str) -> str:
    """The address to pass on: by the configured base, whatever name the request came by."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.base_url + path


@blueprint.get("/static/<version>/<path:name>")
def static_file(version: str, name: str) -> Response:
    """A static file; the version is only there to make the address change with the content."""
    response = Response(joined_sheet(), mimetype="text/css") if name == SHEET else send_from_directory(STATIC, name)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if version == static_version() else "no-cache"
    return response


@blueprint.get("/healthz")
def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")
