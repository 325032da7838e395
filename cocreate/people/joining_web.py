"""The two links by which people come who are not here yet: the first administrator's, once, and invitations."""

from collections.abc import Callable
from typing import Any

from flask import Flask, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cocreate.core.errors import Conflict
from cocreate.entrypoints import signin
from cocreate.entrypoints.forms import Form, add_form, read_form, see_other
from cocreate.entrypoints.web import absolute_url
from cocreate.people.actions import found_site, new_set_up_secret
from cocreate.people.devices_web import device_name, remember_device
from cocreate.people.founding import lay_out
from cocreate.people.inputs import AskToSignIn, Found
from cocreate.people.passwords import hash_password
from cocreate.people.queries import invited_by, is_set_up_secret, needs_set_up
from cocreate.people.signin_web import ask
from cocreate.people.web import blueprint, gone, home, leave_no_trace

Fields = MultiDict[str, str]


def set_up_link(app: Flask) -> Callable[[], str | None]:
    """For whoever serves: makes the one-time link while nobody administers the site."""

    def make() -> str | None:
        with app.app_context():
            return absolute_url(f"/setup/{new_set_up_secret()}") if needs_set_up() else None

    return make


def show_set_up(form: Form, token: str) -> Any:
    leave_no_trace()
    if not is_set_up_secret(token):
        if needs_set_up():
            gone()
            return render_template("people/no_set_up.html")
        return redirect(url_for("people.sign_in"), 303)
    return render_template("people/set_up.html", form=form, token=token)


def save_set_up(fields: Fields, token: str) -> Any:
    if not is_set_up_secret(token):
        return redirect(url_for("people.set_up", token=token), 303)
    given = read_form(Found, fields, optional=("password",))
    try:
        viewer = found_site(token, given, hash_password(given.password) if given.password else None, device_name())
    except Conflict as failure:
        return see_other(url_for("people.sign_in"), said=failure.reason)
    signin.sign_in(viewer)
    remember_device(viewer.email)
    lay_out(viewer)
    return see_other(home(), said=_("%(name)s has its place. The open table is laid: anyone you invite may raise anything there.", name=given.organisation))


def show_invitation(form: Form, token: str) -> Any:
    leave_no_trace()
    invited = invited_by(token)
    if invited.refusal:
        gone()
    return render_template("people/join.html", form=form, token=token, invited=invited)


def save_invitation(fields: Fields, token: str) -> Any:
    invited = invited_by(token)
    if invited.refusal or signin.viewer().is_authenticated:
        return redirect(url_for("people.join", token=token), 303)
    return ask(read_form(AskToSignIn, fields), invited.id)


add_form(blueprint, "/setup/<token>", "set_up", show_set_up, save_set_up)
add_form(blueprint, "/join/<token>", "join", show_invitation, save_invitation)
