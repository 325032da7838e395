"""A second seat in the same browser: everything under `/beside` is the same site with a cookie of its own. For the demo's two frames, nowhere else."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface

PREFIX = "/beside"


class SeatSession(SecureCookieSessionInterface):
    """The session cookie, named and placed by the seat."""

    def get_cookie_name(self, app: Flask) -> str:
        name = super().get_cookie_name(app)
        return f"{name}_beside" if _is_beside() else name

    def get_cookie_path(self, app: Flask) -> str:
        return PREFIX if _is_beside() else "/"


def _is_beside() -> bool:
    return request.script_root == PREFIX


def install(app: Flask) -> None:
    """Serve the second seat. Called last: the path is cut before the sockets look at it."""
    app.session_interface = SeatSession()
    app.wsgi_app = beside(app.wsgi_app)  # type: ignore[method-assign, assignment]


def beside(inner: Callable[[dict[str, Any], Any], Iterable[bytes]]) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """The application with `/beside` taken off the path and put into SCRIPT_NAME."""

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == PREFIX or path.startswith(f"{PREFIX}/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + PREFIX
            environ["PATH_INFO"] = path.removeprefix(PREFIX) or "/"
        return inner(environ, start_response)

    return serve
