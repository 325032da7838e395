"""What a visitor wanted to send is kept while they sign in, and sent as theirs when they have: nobody writes anything twice."""

import logging
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import Response, g, make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.routing import BuildError

from cocreate.core import clock
from cocreate.core.errors import Failure
from cocreate.core.tokens import new_token
from cocreate.entrypoints import signin
from cocreate.entrypoints.forms import see_other, signed_in, submit, words_kept
from cocreate.entrypoints.limits import limit, peer
from cocreate.people.devices_web import remember_device
from cocreate.people.queries import IDLE, Kept, kept_forms
from cocreate.people.signin_actions import forget_drafts, keep_draft, note_use
from cocreate.people.viewer import Viewer
from cocreate.people.web import blueprint

log = logging.getLogger(__name__)
SENT_WITHIN = 1 / 12  # days; what was written earlier may be by somebody who sat here before, and is asked about first
NOTED_EVERY = 10 / 1440  # days between two notes that a session is in use
MOST_KEPT = 300  # in an hour from one network


def keep(endpoint: str, arguments: dict[str, Any], fields: dict[str, list[str]]) -> Response:
    """For the forms of all slices: keep what was sent, and show the way in."""
    limit("kept", peer(), MOST_KEPT, 3600)
    keep_draft(browser_key(), endpoint, arguments, fields)
    return see_other(url_for("people.sign_in", next=url_for(endpoint, **arguments)))


def browser_key() -> str:
    """The secret of this browser before anybody is signed in: it binds a code to where it was asked for, and finds kept words again."""
    return signin.visitor_key(new_token) or ""


def kept_here() -> list[Kept]:
    owner = signin.visitor_key()
    return kept_forms(owner) if owner else []


@dataclass(frozen=True)
class Sending:
    """A kept form, and what came of sending it: an answer, or why there is none."""

    form: Kept
    answer: Response | None
    reason: str = ""

    @property
    def is_done(self) -> bool:
        return self.answer is not None and self.answer.status_code < 400

    @property
    def words(self) -> list[str]:
        return words_kept(self.form.endpoint, self.form.fields, self.form.arguments)

    @property
    def address(self) -> str:
        """The form's own page; nowhere once the form is gone from the site."""
        try:
            return url_for(self.form.endpoint, **self.form.arguments)
        except BuildError:
            return ""


def waiting_here() -> list[Sending]:
    """What is kept here and not sent yet, for the pages of signing in."""
    return [Sending(form, None) for form in kept_here()]


def arrive(viewer: Viewer, going_to: str) -> Any:
    """Sign in, then send what was kept and give its answer, or go on. What cannot be sent is shown, every word of it."""
    owner, kept = signin.visitor_key(), kept_here()
    if owner and kept:
        forget_drafts(owner)
    signin.sign_in(viewer)
    remember_device(viewer.email)
    if not kept:
        return see_other(going_to)
    since = clock.now() - clock.days(SENT_WITHIN)
    sent = [_send(form) if form.at > since else Sending(form, None) for form in kept]
    unsent = [each for each in sent if not each.is_done]
    if not unsent or (len(sent) == 1 and sent[0].answer):
        return sent[-1].answer
    return make_response(render_template("people/unsent.html", unsent=unsent))


def _send(form: Kept) -> Sending:
    try:
        return Sending(form, make_response(submit(form.endpoint, MultiDict(form.fields), form.arguments)))
    except Failure as failure:
        return Sending(form, None, failure.reason or _("This is not open to you."))
    except Exception:
        log.exception("a kept form could not be sent")
        return Sending(form, None, _("Something went wrong on our side."))


class TimeLeft(NamedTuple):
    """Seconds until a session idles out if nothing more is done, until it ends whatever is done, and that it may rest altogether."""

    idle: int
    whole: int
    rest: int


def time_left() -> TimeLeft | None:
    """Of moderators and administrators, whose sessions are short enough to end while a page is open."""
    viewer = signin.viewer()
    if not isinstance(viewer, Viewer) or not viewer.is_staff or viewer.used_at is None or viewer.expires_at is None:
        return None
    now, rest = clock.now(), clock.days(IDLE[viewer.role])
    idle = (now if _is_news(viewer) else viewer.used_at) + rest - now
    return TimeLeft(int(idle.total_seconds()), int((viewer.expires_at - now).total_seconds()), int(rest.total_seconds()))


@blueprint.post("/account/session")
def stay() -> Response:
    """Still here: from now on the session may rest anew."""
    note_use(signed_in())
    return see_other(url_for("people.account"))


def _is_news(viewer: Viewer) -> bool:
    """Whether that they are here was not noted for a while."""
    return viewer.used_at is not None and clock.now() - viewer.used_at > clock.days(NOTED_EVERY)


def note_who_came(response: Response) -> Response:
    """After a request: its session or token is in use. It must not spoil the answer."""
    viewer = g.get("viewer")
    if isinstance(viewer, Viewer) and _is_news(viewer):
        try:
            note_use(viewer)
        except Exception as error:
            log.warning("use was not noted: %s", type(error).__name__)
    return response


@blueprint.post("/sign-in/forget")
def forget_kept() -> Response:
    """Whoever sits here does not want it sent."""
    owner = signin.visitor_key()
    if owner:
        forget_drafts(owner)
    return see_other(url_for("people.sign_in"), said=_("What was written here is forgotten."))
