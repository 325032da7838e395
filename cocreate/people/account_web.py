"""One's own account: the name others read, the keys, the password, the devices that are signed in, and API tokens."""

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cocreate.core.errors import BadInput
from cocreate.core.fields import whole_number
from cocreate.entrypoints import signin
from cocreate.entrypoints.forms import Form, add_form, read_form, see_other, signed_in
from cocreate.people.actions import make_token
from cocreate.people.devices_web import PASSWORDS, device_name, limit_tries
from cocreate.people.inputs import NewToken, Preferences, SetPassword
from cocreate.people.passwords import hash_password, matches
from cocreate.people.queries import password_hash_of, sessions_of, site, tokens_of
from cocreate.people.signin_actions import end_other_sessions, end_session, revoke_token, set_own_password, set_preferences
from cocreate.people.viewer import Viewer
from cocreate.people.web import blueprint, home, leave_no_trace, spoken

Fields = MultiDict[str, str]


def show_account(form: Form) -> str:
    viewer = signed_in()
    form.prefill({"name": viewer.name, "keys": viewer.keys, "locale": viewer.locale or ""})
    return render_template(
        "people/account.html", form=form, languages=spoken(), sessions=sessions_of(viewer.id), tokens=tokens_of(viewer.id), has_password=_has_password(viewer)
    )


def _has_password(viewer: Viewer) -> bool:
    return viewer.email is not None and password_hash_of(viewer.email)[1] is not None


def save_account(fields: Fields) -> Response:
    given = read_form(Preferences, fields)
    set_preferences(signed_in(), given)
    return see_other(url_for("people.account"), said=_("Kept."))


def show_own_password(form: Form) -> str:
    viewer = signed_in()
    return render_template("people/own_password.html", form=form, has_password=_has_password(viewer))


def save_own_password(fields: Fields) -> Response:
    viewer = signin.viewer()
    if not viewer.is_authenticated or not viewer.email:  # a password is never kept as a draft
        return see_other(url_for("people.sign_in", next=url_for("people.own_password")))
    given = read_form(SetPassword, fields)
    _person_id, stored = password_hash_of(viewer.email)
    if stored is not None:
        limit_tries(PASSWORDS, viewer.email)
        if not matches(stored, given.current):
            raise BadInput({"current": [_("This is not your current password.")]})
    signin.sign_in(set_own_password(viewer, hash_password(given.password), site(), device_name()))
    return see_other(url_for("people.account"), said=_("Your password is set. All other devices are signed out."))


@blueprint.post("/account/sessions/<int:session_id>/end")
def end_one_session(session_id: int) -> Response:
    """Sign one device out; for an administrator also somebody else's."""
    viewer = signed_in()
    end_session(viewer, session_id)
    if session_id == viewer.session_id:
        signin.sign_out()
        return see_other(home(), said=_("You are signed out."))
    return see_other(_back(), said=_("That device is signed out."))


def _back() -> str:
    """The page of the person whose device it was, for an administrator, else one's own."""
    person_id = whole_number(request.form.get("person", ""))
    return url_for("people.person", person_id=person_id) if person_id is not None else url_for("people.account")


@blueprint.post("/account/sessions/end-others")
def end_all_other_sessions() -> Response:
    """Sign out every device but this one."""
    end_other_sessions(signed_in())
    return see_other(url_for("people.account"), said=_("All other devices are signed out."))


def show_tokens(form: Form, made: str | None = None) -> str:
    """One's tokens; the secret of the one just `made` is here once and nowhere after."""
    form.prefill({"scope": "read"})
    return render_template("people/tokens.html", form=form, tokens=tokens_of(signed_in().id), made=made)


def save_token(fields: Fields) -> Response:
    viewer = signed_in()
    secret = make_token(viewer, viewer.id, read_form(NewToken, fields))
    leave_no_trace()
    return make_response(show_tokens(Form(), secret))


@blueprint.post("/account/tokens/<int:token_id>/end")
def end_token(token_id: int) -> Response:
    """Make a token worthless."""
    revoke_token(signed_in(), token_id)
    return see_other(url_for("people.tokens"), said=_("That token opens nothing any more."))


add_form(blueprint, "/account", "account", show_account, save_account)
add_form(blueprint, "/account/password", "own_password", show_own_password, save_own_password)
add_form(blueprint, "/account/tokens", "tokens", show_tokens, save_token)
