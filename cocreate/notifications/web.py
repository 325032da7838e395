"""The inbox, and what comes by mail."""

from itertools import groupby
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cocreate.core.errors import NotSignedIn
from cocreate.core.fields import read_input
from cocreate.entrypoints.forms import Form, add_form, read_asked, read_form, see_other, signed_in
from cocreate.entrypoints.signin import viewer
from cocreate.notifications.actions import choose_mail, mark_read
from cocreate.notifications.inbox import read_inbox
from cocreate.notifications.inputs import AskedInbox, MailChoice, MarkRead
from cocreate.notifications.queries import wants_mail
from cocreate.people.queries import site

blueprint = Blueprint("notifications", __name__)


@blueprint.get("/inbox")
def inbox() -> str:
    """What came of what one said, newest first. Looking changes nothing; marking as read is a button."""
    person = viewer()
    if not person.is_authenticated:
        raise NotSignedIn(_("Sign in to see what came of what you said."))
    before = read_asked(AskedInbox).before
    page = read_inbox(person, before)
    zone = ZoneInfo(site().time_zone)
    days = [(day, list(lines)) for day, lines in groupby(page.lines, key=lambda line: line.at.astimezone(zone).date())]
    following = url_for("notifications.inbox", before=page.following) if page.following else ""
    return render_template("notifications/inbox.html", days=days, page=page, before=before, following=following)


@blueprint.post("/inbox/read")
def read() -> Response:
    """Mark as read all that was there with the page, or one message of it."""
    person = signed_in()
    given = read_input(MarkRead, {name: request.form[name] for name in MarkRead.model_fields if name in request.form})
    mark_read(person, given.until, given.since)
    return see_other(url_for("notifications.inbox", before=given.before or None))


def show_settings(form: Form) -> str:
    person = signed_in()
    return render_template("notifications/settings.html", form=form, mail=wants_mail(person.id), address=person.email)


def save_settings(fields: "MultiDict[str, str]") -> Response:
    person = signed_in()
    given = read_form(MailChoice, fields)
    choose_mail(person, given.mail)
    said = _("What is told comes by mail too.") if given.mail else _("No more mail about this. It waits in your inbox.")
    return see_other(url_for("notifications.inbox"), said)


add_form(blueprint, "/inbox/settings", "settings", show_settings, save_settings)
