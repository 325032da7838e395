"""The blueprint of people's pages, and where somebody who comes in may be sent on to."""

from babel import Locale
from flask import Blueprint, Response, after_this_request, current_app, request

from cocreate.config import Settings
from cocreate.entrypoints.forms import local_path
from cocreate.people.language_queries import languages

blueprint = Blueprint("people", __name__)

WAYS_IN = ("/sign-in", "/sign-out", "/join/", "/setup/")  # going on to these would go in a circle


def settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found


def home() -> str:
    """The first page, of this seat where a browser has two."""
    return f"{request.script_root}/"


def way_on() -> str:
    """Where the asker wants to go after signing in: a path of this site, else Home."""
    path = local_path(request.form.get("next") or request.args.get("next") or "", home())
    return home() if path.removeprefix(request.script_root).startswith(WAYS_IN) else path


def asked_way() -> str | None:
    """The same for an address that carries it along: nothing where it is Home anyway."""
    return way_on() if way_on() != home() else None


def spoken() -> list[tuple[str, str]]:
    """The languages to choose from, each by its own name."""
    return [(code, str(Locale.parse(code).get_display_name(code)).capitalize()) for code in languages()]


def mail_is_shown() -> bool:
    """Whether mail is read on this machine, at /mail, as no server sends it."""
    return settings().mail_url is None and settings().on_loopback


def gone() -> None:
    """What the address stood for is over: the page says so in words, its status to machines."""

    @after_this_request
    def _status(response: Response) -> Response:
        if response.status_code == 200:
            response.status_code = 410
        return response


def leave_no_trace() -> None:
    """The address or the page holds a secret: nobody is told it as a referrer, and nobody keeps the page."""

    @after_this_request
    def _headers(response: Response) -> Response:
        response.headers["Referrer-Policy"] = "same-origin"  # with no-referrer a form of this page would come without its origin, and be refused
        response.headers["Cache-Control"] = "no-store, private"
        return response
