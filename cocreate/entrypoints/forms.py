"""Forms that lose nothing. A form is a page of its own at an address: `show` draws it, `save` does it. What cannot be used comes back beside its field;
whoever is not signed in signs in second, and the same `save` is done then."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from flask import Blueprint, Response, flash, g, get_flashed_messages, redirect, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from cocreate.core.errors import BadInput, Conflict, Failure, NotFound, NotSignedIn, Outdated, TooMany
from cocreate.core.fields import Input, read_input
from cocreate.core.tokens import digest, new_token
from cocreate.entrypoints.once import Key, once
from cocreate.entrypoints.signin import has_ended, viewer
from cocreate.eventlog.permissions import Permission
from cocreate.eventlog.record import done_before


@dataclass
class Form:
    """What was typed so far, and what is wrong with it. `problem` is a sentence about the whole."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    problem: str = ""

    def prefill(self, present: dict[str, Any]) -> None:
        """Show what is there now, whatever a link puts into these fields: nobody sends what another slipped in. A form that came back is left as it is: a
        tick taken out stays out."""
        if not (self.errors or self.problem):
            self.values |= present

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        return " ".join(self.errors.get(name, []))

    @property
    def first_error(self) -> str:
        return next(iter(self.errors), "")


Show = Callable[..., str]
Save = Callable[..., Response]


Say = Callable[..., list[str]]


class KeepDraft(Protocol):
    def __call__(self, endpoint: str, arguments: dict[str, Any], fields: dict[str, list[str]]) -> Response: ...


_saves: dict[str, tuple[Show, Save]] = {}
_says: dict[str, Say] = {}
_keep: list[KeepDraft] = []

ONCE = "once"  # the field with the key that a form was drawn with: sent twice, it is done once
CONTROL_FIELDS = ("csrf_token", "next", ONCE)
UNTYPED_FIELDS = frozenset({*CONTROL_FIELDS, "back", "text_version", "reply_to", "proof"})
SECRETS = frozenset({"password", "current"})


def register_keeper(keep: KeepDraft) -> None:
    """`keep` stores what a visitor wanted to send and answers with the way to sign in."""
    _keep[:] = [keep]


def add_form(blueprint: Blueprint, rule: str, name: str, show: Show, save: Save, say: Say | None = None) -> None:
    """Route `rule`: GET calls `show(form, **arguments)`, POST calls `save(fields, **arguments)` and answers with what it gives. Where what is sent says
    little by itself, `say(fields, **arguments)` puts it in words for who waits to send it."""

    def form_view(**arguments: Any) -> Any:
        if request.method == "POST":
            return submit(f"{blueprint.name}.{name}", request.form, arguments)
        return show(Form(values=request.args.to_dict()), **arguments)

    _saves[f"{blueprint.name}.{name}"] = (show, save)
    if say:
        _says[f"{blueprint.name}.{name}"] = say
    blueprint.add_url_rule(rule, name, form_view, methods=["GET", "POST"])


def submit(endpoint: str, sent: "MultiDict[str, str]", arguments: dict[str, Any]) -> Any:
    """Do what a form asks for: by its own POST, or after signing in from what was kept."""
    fields = MultiDict((name, value) for name, value in sent.items(multi=True) if name not in CONTROL_FIELDS)
    try:
        return _done_or_back(endpoint, sent.get(ONCE, ""), fields, arguments)
    except NotSignedIn:
        pass
    except NotFound:
        # Whoever was signed in is somebody, and what they may read is seen when they are again; every address answers them so.
        if not has_ended():
            raise
    kept = fields.to_dict(flat=False) | ({ONCE: [sent[ONCE]]} if ONCE in sent else {})
    return _keep[0](endpoint, arguments, kept)


def _done_or_back(endpoint: str, key: str, fields: "MultiDict[str, str]", arguments: dict[str, Any]) -> Any:
    """What `save` answers; or the form with what was typed and what is wrong with it, unless it is not to be shown any more."""
    show, save = _saves[endpoint]
    try:
        return _saved_once(endpoint, key, fields, arguments, lambda: save(fields.copy(), **arguments))
    except (BadInput, Conflict, Outdated, TooMany) as failure:
        form = Form(values=_typed(fields), errors=getattr(failure, "errors", {}), problem="" if isinstance(failure, BadInput) else failure.reason)
        return show(form, **arguments), failure.status, _retry_header(failure)


def _saved_once(endpoint: str, key: str, fields: "MultiDict[str, str]", arguments: dict[str, Any], save: Callable[[], Response]) -> Response:
    """`save()`. The same words with the same key are saved once and answered twice; with other words the key is another."""
    person = viewer()
    if not key or not person.is_authenticated:
        return save()
    body_hash = digest(json.dumps([arguments, fields.to_dict(flat=False)], sort_keys=True))

    def again(made: int) -> Response:
        with done_before(made):
            return save()

    return once(Key(person.id, endpoint, digest(key + body_hash), body_hash), save, again)


def once_key() -> str:
    """For the hidden field of a form: a new key, or the one it came back with."""
    return request.form.get(ONCE) or new_token()


class Unsent(NamedTuple):
    """What somebody typed into a form that did not go: the words to show, and all its fields where they may be sent again."""

    words: list[str]
    fields: dict[str, list[str]]


def unsent() -> Unsent:
    """What was typed into the form of this request, for the page that says why it did not go. Nothing secret, and nothing that another site sent."""
    if request.method != "POST" or g.get("is_foreign"):
        return Unsent([], {})
    try:
        sent = request.form.to_dict(flat=False)
    except HTTPException:
        return Unsent([], {})  # too much to be read
    fields = {} if SECRETS & set(sent) else {name: values for name, values in sent.items() if name != "csrf_token"}
    return Unsent(words_in(sent), fields)


def words_in(fields: dict[str, list[str]]) -> list[str]:
    """What people typed or chose, without what the form brought along."""
    return [value for name, values in fields.items() if name not in UNTYPED_FIELDS | SECRETS for value in values if value.strip()]


def words_kept(endpoint: str, fields: dict[str, list[str]], arguments: dict[str, Any]) -> list[str]:
    """The same of a form that waits to be sent, as the form itself says it if it does."""
    try:
        return _says[endpoint](MultiDict(fields), **arguments) if endpoint in _says else words_in(fields)
    except NotFound:
        return words_in(fields)  # what it is about is not to be read from here


def _typed(fields: "MultiDict[str, str]") -> dict[str, Any]:
    """One value as it is, several as a list, for a template that asks with `in`. What no database takes is left out, as pages look words up by them."""
    clean = {name: [value.replace("\x00", "") for value in values] for name, values in fields.to_dict(flat=False).items()}
    return {name: values if len(values) > 1 else values[0] for name, values in clean.items()}


def _retry_header(failure: Failure) -> dict[str, str]:
    return {"Retry-After": str(failure.retry_after)} if failure.retry_after else {}


def signed_in() -> Any:
    """The viewer, who must be somebody. Raises NotSignedIn."""
    found = viewer()
    if not found.is_authenticated:
        raise NotSignedIn(_("Sign in first; what you typed is kept."))
    return found


def welcomes(right: Permission, subject: Any) -> bool:
    """Whether the form behind this right is offered: to who may, and to visitors, who sign in second."""
    refusal = right.refusal(viewer(), subject)
    return refusal is None or isinstance(refusal, NotSignedIn)


def require_welcome(right: Permission, subject: Any) -> None:
    """Raises why the form behind this right is not offered, before somebody writes in it."""
    refusal = right.refusal(viewer(), subject)
    if refusal is not None and not isinstance(refusal, NotSignedIn):
        raise refusal


def read_form(model: type[Input], fields: "MultiDict[str, str]", *lists: str, optional: tuple[str, ...] = ()) -> Any:
    """The fields as an input. `lists` are fields that may come several times; an empty `optional` one counts as not given. Raises BadInput."""
    values: dict[str, Any] = {name: value for name, value in fields.items() if name not in lists and not (name in optional and not value.strip())}
    values |= {name: fields.getlist(name) for name in lists}
    return read_input(model, values)


def read_asked(model: type[Input]) -> Any:
    """What the address asks for by the names that are known here; others come with links from elsewhere. Raises BadInput."""
    return read_input(model, {name: request.args[name] for name in model.model_fields if name in request.args})


def local_path(text: str, default: str = "/") -> str:
    """The path if it stays on this site, else the default; `//host`, `/\\host` and control characters are how others lead away."""
    leads_away = text[:2] in ("//", "/\\") or not text.startswith("/") or len(text) > 500 or any(ord(c) < 33 or c == "\\" for c in text)
    return default if leads_away else text


def here(path: str) -> str:
    """A path of this site as the asker reaches it: in the second seat of a demo it begins otherwise."""
    seat = request.script_root
    return f"{seat}{path}" if seat and path.startswith("/") and not f"{path}/".startswith(f"{seat}/") else path


def see_other(address: str, said: str = "", undo: str = "", record: str = "") -> Response:
    """After a POST: go and look. `said` is a short sentence about what was done; `undo` an address that takes it back by POST, offered for ten seconds,
    and `record` the page where it can be taken back later."""
    address = here(address)
    if said:
        flash([said, undo, record])  # type: ignore[arg-type]
    if request.headers.get("X-Requested-With") == "fetch":
        # A script follows by itself: a redirect would be fetched twice, and lose what was said once and the part after #.
        return Response(status=204, headers={"X-Location": address})
    return redirect(address, 303)  # type: ignore[return-value]


class Toast(NamedTuple):
    """What was just done, the address that takes it back, and the page where that can be done later; either may be empty."""

    text: str
    undo_url: str
    record_url: str = ""


def toasts() -> list[Toast]:
    """What was just done, once."""
    return [Toast(*said) for said in get_flashed_messages()]
