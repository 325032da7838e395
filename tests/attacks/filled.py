"""Every form as somebody sends it who may, so that a refusal is never one of its fields alone. A form that nobody filled in here fails the tests that ask."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import Flask

from cocreate.entrypoints.forms import _saves as forms_of_the_site
from cocreate.ideas.queries import idea_as
from cocreate.people.actions import make_invitation
from cocreate.people.inputs import NewInvitation
from tests.attacks.scene import SITE_PARTS, Scene, addresses
from tests.cast import Cast
from tests.stage import propose


class Filled(NamedTuple):
    """Who may send it, and what."""

    who: str
    fields: dict[str, str]


FORMS: dict[str, Filled] = {
    "boards.audience": Filled("mona", {"read_groups": "customer", "part_groups": "customer"}),
    "boards.charter": Filled("mona", {"open": "x", "not_open": "x", "decides": "x", "method": "x"}),
    "boards.hosts": Filled("mona", {"email": "otto@example.org", "duty": "host"}),
    "boards.new": Filled("mona", {"kind": "brand", "question": "Mine", "context": "Mine"}),
    "boards.state": Filled("mona", {"state": "deciding"}),
    "boards.words": Filled("mona", {"title": "Mine now"}),
    "comments.edit": Filled("emil", {"body": "Mine now"}),
    "comments.new": Filled("emil", {"body": "Mine"}),
    "commitments.new": Filled("mona", {"text": "Mine", "due": "2099-01-01"}),
    "ideas.answer": Filled("mona", {"status": "done", "body": "Mine"}),
    "ideas.answers": Filled("mona", {"ideas": "{idea_id}", "status": "done", "body": "Mine"}),
    "ideas.edit": Filled("emil", {"title": "Mine now"}),
    "ideas.heard": Filled("mona", {"by": "2099-01-01"}),
    "ideas.new": Filled("emil", {"title": "Mine"}),
    "ideas.paste": Filled("mona", {"lines": "Mine"}),
    "listening.new": Filled("emil", {"body": "Mine"}),
    "moderation.curated": Filled("mira", {}),
    "moderation.merge": Filled("mira", {"into": "{other_id}"}),
    "moderation.report": Filled("emil", {"reason": "Mine"}),
    "moderation.unmerge": Filled("mira", {}),
    "notifications.settings": Filled("emil", {"mail": "yes"}),
    "people.account": Filled("emil", {"name": "Emil"}),
    "people.add": Filled("ada", {"name": "New", "email": "new@example.org", "group": "partner"}),
    "people.invite": Filled("ada", {"group": "partner"}),
    "people.join": Filled("visitor", {"email": "new@example.org", "name": "New"}),
    "people.organisation": Filled("ada", {"name": "Ours"}),
    "people.own_password": Filled("emil", {"password": "several words in a row"}),
    "people.person": Filled("ada", {"name": "Emil"}),
    "people.set_up": Filled("visitor", {"organisation": "Bakery", "sentence": "Bread.", "name": "Ada", "email": "ada@example.org"}),
    "people.sign_in": Filled("visitor", {"email": "new@example.org", "name": "New"}),
    "people.sign_in_code": Filled("visitor", {"code": "000000"}),
    "people.sign_in_name": Filled("visitor", {"name": "New", "proof": "x"}),
    "people.sign_in_password": Filled("visitor", {"email": "emil@example.org", "password": "not the one that is his"}),
    "people.tokens": Filled("emil", {"name": "Mine"}),
    "stances.stance": Filled("emil", {"stance": "agree"}),
    "statements.accept": Filled("mona", {"reason": "Mine", "adopt": "yes"}),
    "statements.adoption": Filled("mona", {"reason": "Mine"}),
    "statements.decline": Filled("mona", {"reason": "Mine"}),
    "statements.new_change": Filled("emil", {"before": "", "after": "Mine.", "reason": "Why"}),
    "statements.start": Filled("mona", {"title": "Mine", "text": "Mine."}),
    "statements.words": Filled("mona", {"text": "Mine."}),
}
PRESSED = frozenset(
    [
        "comments.withdrawal", "comments.returning", "commitments.done", "commitments.due", "ideas.withdrawal", "ideas.returning", "statements.withdrawal",
        "statements.returning", "statements.reopening", "statements.setting_aside", "listening.withdrawal", "listening.returning",
        "ideas.taking_answer_back",
    ]
)  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "api.post_propose": {"title": "Mine"},
    "api.post_response": {"body": "Mine"},
    "api.post_comment": {"body": "Mine"},
    "api.post_suggest": {"before": "", "after": "Mine by a call.", "reason": "Mine"},
    "api.patch_edit": {"title": "Mine"},
    "api.put_vote": {"stance": "agree"},
    "api.put_answer": {"status": "declined", "body": "Mine"},
    "api.delete_unvote": {},
}


def sent(endpoint: str, **parts: Any) -> dict[str, Any]:
    """What a client sends to a door that writes, as its keyword arguments."""
    if endpoint in BODIES:
        return {"json": BODIES[endpoint]}
    assert endpoint in FORMS or endpoint in PRESSED, f"say in tests/attacks/filled.py what {endpoint} is sent"
    fields = FORMS[endpoint].fields if endpoint in FORMS else {}
    return {"data": {name: value.format(**parts) if "{" in value else value for name, value in fields.items()}}


def every_form(app: Flask, cast: Cast, scene: Scene) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every form of the site where it would be taken: its name, its address, and what it is sent."""
    assert set(forms_of_the_site) & set(app.view_functions) == set(FORMS), "say in tests/attacks/filled.py who sends a form, and what"
    paths = {address.endpoint: address.path for address in reversed(addresses(app, scene, ("POST",)))}
    _id, secret = make_invitation(cast.ada, NewInvitation(group="customer", most_uses=100))
    other = propose(cast.emil, idea_as(cast.emil, scene.ids["idea"]).board.id, "Another")
    for name in sorted(set(FORMS) - {"people.set_up"}):  # dead once somebody administers; it has a test of its own
        path = paths[name].replace("/hidden", "/shown").replace(SITE_PARTS["token"], secret)
        yield name, path, sent(name, **scene.parts, other_id=other)["data"]
