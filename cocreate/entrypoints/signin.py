"""Who is asking: Flask-Login around sessions and tokens that a higher slice keeps. The only place that touches the sign-in cookie."""

from collections.abc import Callable
from typing import Any

from flask import Flask, g, has_request_context, request, session
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin, LoginManager, current_user, login_user
from sqlalchemy.exc import SQLAlchemyError

from cocreate.core.errors import NotSignedIn

login_manager = LoginManager()
# A stolen cookie is answered by ending the session row; Flask-Login's own protection would believe X-Forwarded-For.
login_manager.session_protection = None

PROGRAMS = ("/api/", "/socket.io/")
_bearer: list[Callable[[str], Any]] = []


def install(app: Flask) -> None:
    # Its context processor would load the person for every template, named or not.
    login_manager.init_app(app, add_context_processor=False)


def register_loaders(by_session: Callable[[str], Any], by_token: Callable[[str], Any], visitor: Callable[[], Any]) -> None:
    """`by_session` and `by_token` give the viewer of a secret, or None; `visitor` makes the viewer who is nobody."""
    login_manager.user_loader(by_session)
    login_manager.anonymous_user = visitor
    _bearer[:] = [by_token]


def viewer() -> Any:
    """The viewer of this request: by bearer token where a program sends one, else by session, else a visitor. Raises NotSignedIn on a bad token."""
    if "viewer" not in g:
        g.viewer = login_manager.anonymous_user()  # for the page that says so, where the token is bad
        g.viewer = _by_header(request.headers["Authorization"]) if uses_token() else _by_cookie()
    return g.viewer


def viewer_or_nobody() -> Any:
    """The viewer where that can be known now. Outside of a request, with a bad token or while the database is gone it is a visitor, and whoever asks for
    the viewer next is still told why."""
    if not has_request_context():
        return login_manager.anonymous_user()
    try:
        return viewer()
    except (NotSignedIn, SQLAlchemyError):
        return g.pop("viewer")


def uses_token() -> bool:
    """Whether a program asks. Pages are for browsers: there a token gives no rights, and spares nobody the check of where a form comes from."""
    return "Authorization" in request.headers and request.path.startswith(PROGRAMS)


def _by_cookie() -> Any:
    found = current_user._get_current_object()
    assert not isinstance(found, AnonymousUserMixin) or not found.is_authenticated
    return found


def _by_header(header: str) -> Any:
    scheme, _, token = header.partition(" ")
    return by_token(token.strip() if scheme.lower() == "bearer" else "")


def by_token(token: str) -> Any:
    """The viewer whose API token this is. Raises NotSignedIn."""
    found = _bearer[0](token) if token else None
    if found is None:
        raise NotSignedIn(_("This token is not known, or was ended."))
    return found


def has_session() -> bool:
    """Whether this browser is signed in, or was, by a session that is over."""
    return "_user_id" in session


def has_ended() -> bool:
    """Whether it was."""
    return has_session() and not viewer().is_authenticated


def sign_in(found: Any) -> None:
    """Put a fresh session's secret into the cookie. Everything kept before goes, so that a cookie planted earlier is worth nothing."""
    session.clear()
    session.permanent = True
    login_user(found)
    g.viewer = found


def sign_out() -> None:
    session.clear()
    g.viewer = login_manager.anonymous_user()


def visitor_key(make: Callable[[], str] | None = None) -> str | None:
    """The secret by which a visitor's unsaved words are found again; made by `make` when first needed."""
    if "visitor" not in session and make is not None:
        session["visitor"] = make()
    return session.get("visitor")
