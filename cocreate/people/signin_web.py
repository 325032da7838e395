"""Coming in, by a code or a link that is mailed, or by a password; and going out."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict

from cocreate.core.errors import BadInput
from cocreate.entrypoints import signin
from cocreate.entrypoints.forms import Form, add_form, read_form, see_other
from cocreate.entrypoints.web import absolute_url
from cocreate.people.arriving_web import arrive, browser_key, waiting_here
from cocreate.people.devices_web import CODES, PASSWORDS, device_name, limit_tries
from cocreate.people.inputs import AskToSignIn, GiveCode, GiveName, GivePassword
from cocreate.people.passwords import matches
from cocreate.people.queries import password_hash_of, sign_in_by_browser, sign_in_by_link, site
from cocreate.people.signin_actions import CODE_MINUTES, LINK_PLACE, ask_to_sign_in, come_in, end_session, start_session, try_code
from cocreate.people.web import asked_way, blueprint, gone, home, leave_no_trace, mail_is_shown, settings, way_on

Fields = MultiDict[str, str]


def unless_here(page: Callable[..., Any]) -> Callable[..., Any]:
    """Whoever is signed in already goes on; to come in as somebody else, one signs out first."""

    @wraps(page)
    def run(*args: Any) -> Any:
        return redirect(way_on(), 303) if signin.viewer().is_authenticated else page(*args)

    return run


@unless_here
def show_sign_in(form: Form) -> Any:
    """The first page: an address, and a name for who is new."""
    return render_template("people/sign_in.html", form=form, next=asked_way(), kept=waiting_here())


@unless_here
def save_sign_in(fields: Fields) -> Response:
    return ask(read_form(AskToSignIn, fields), None)


def ask(given: AskToSignIn, invitation_id: int | None) -> Response:
    """Have the code sent. Whether anybody has the address cannot be told from the answer."""
    limit_tries(CODES, given.email)
    link = url_for("people.sign_in_link", token=LINK_PLACE, next=asked_way())
    ask_to_sign_in(given, browser_key(), site(), invitation_id, absolute_url(link), absolute_url("/"))
    return see_other(url_for("people.sign_in_code", next=asked_way()))


@unless_here
def show_code(form: Form) -> Any:
    asked = sign_in_by_browser(browser_key())
    return render_template(
        "people/code.html", form=form, next=asked_way(), asked=asked, kept=waiting_here(), mail_is_shown=mail_is_shown(), minutes=CODE_MINUTES
    )


@unless_here
def save_code(fields: Fields) -> Any:
    given = read_form(GiveCode, fields)
    found = try_code(browser_key(), given.code)
    if found is None:
        raise BadInput({"code": [_("This is not the code, or it is too old. Look again at the newest mail, or ask for a new code.")]})
    return _enter(found)


def _enter(sign_in_id: int, name: str = "") -> Any:
    """Come in by a sign-in that is proven, or ask for the name that is still missing; the proof goes along in the form."""
    viewer = come_in(sign_in_id, name, site(), device_name())
    if viewer is not None:
        return arrive(viewer, way_on())
    return make_response(_name_page(Form(), _proofs().dumps(sign_in_id)))


def _proofs() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt="proven sign-in")


def _name_page(form: Form, proof: str | bytes) -> str:
    leave_no_trace()
    return render_template("people/name.html", form=form, proof=proof, next=asked_way())


def show_name(form: Form) -> Any:
    proof = request.form.get("proof", "")
    return _name_page(form, proof) if proof else redirect(url_for("people.sign_in"), 303)


def save_name(fields: Fields) -> Any:
    proof = fields.poplist("proof")
    given = read_form(GiveName, fields)
    try:
        sign_in_id = _proofs().loads(proof[0] if proof else "", max_age=CODE_MINUTES * 60)
    except BadSignature:
        return see_other(url_for("people.sign_in", next=asked_way()), said=_("That took too long, so the code is too old. Ask for a new one."))
    return _enter(sign_in_id, given.name)


@blueprint.get("/sign-in/link/<token>")
def sign_in_link(token: str) -> Any:
    """A button: what only looks at links, as mail scanners do, uses nothing up."""
    leave_no_trace()
    asked = sign_in_by_link(token)
    if signin.viewer().is_authenticated and asked is None:
        return redirect(way_on(), 303)
    here = sign_in_by_browser(signin.visitor_key() or "")
    elsewhere = asked is not None and (here is None or here.id != asked.id)
    return _link_page(asked, token, elsewhere)


def _link_page(asked: Any, token: str, elsewhere: bool = False) -> str:
    if asked is None:
        gone()
    return render_template("people/link.html", asked=asked, token=token, next=asked_way(), elsewhere=elsewhere)


@blueprint.post("/sign-in/link/<token>")
def use_link(token: str) -> Any:
    """Come in by the link of a mail; by POST only, as mail readers open what they are sent."""
    leave_no_trace()
    asked = sign_in_by_link(token)
    return _enter(asked.id) if asked else _link_page(None, token)


@unless_here
def show_password(form: Form) -> Any:
    return render_template("people/password_in.html", form=form, next=asked_way(), kept=waiting_here())


@unless_here
def save_password(fields: Fields) -> Any:
    given = read_form(GivePassword, fields)
    limit_tries(PASSWORDS, given.email)
    person_id, stored = password_hash_of(given.email)
    if not matches(stored, given.password) or person_id is None:
        raise BadInput({"password": [_("This address and this password do not belong together. Try again, or come in with a code.")]})
    return arrive(start_session(person_id, device_name()), way_on())


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End this session for good, a copied cookie included, and have the browser forget what was typed: others may sit here next."""
    viewer = signin.viewer()
    if viewer.is_authenticated and viewer.session_id is None:
        abort(400)
    if viewer.is_authenticated:
        end_session(viewer, viewer.session_id)
    signin.sign_out()
    response = see_other(home(), said=_("You are signed out."))
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


add_form(blueprint, "/sign-in", "sign_in", show_sign_in, save_sign_in)
add_form(blueprint, "/sign-in/code", "sign_in_code", show_code, save_code)
add_form(blueprint, "/sign-in/name", "sign_in_name", show_name, save_name)
add_form(blueprint, "/sign-in/password", "sign_in_password", show_password, save_password)
