"""What the log says of people, and to whom."""

from typing import Any

import pytest
from flask import render_template

from cocreate.core import clock
from cocreate.core.ids import Ref
from cocreate.eventlog.kinds import all_kinds
from cocreate.eventlog.subjects import find_subjects
from cocreate.eventlog.tail import Entry
from cocreate.people.actions import make_invitation, make_token
from cocreate.people.inputs import NewInvitation, NewToken

KINDS = [kind for kind in all_kinds() if kind.slice == "people"]
DATA = {"group": "customer", "role": "member", "sessions": 2}


@pytest.mark.parametrize("is_known", [True, False])
def test_every_kind_has_its_sentence(app: Any, cast: Any, is_known: bool) -> None:
    for kind in KINDS:
        entry = Entry(1, "staff", 1, kind.name, clock.now(), cast.ada.id, Ref("person", cast.otto.id), {name: DATA[name] for name in kind.data})
        subject = find_subjects(cast.ada, [entry.subject])[entry.subject] if is_known else None
        with app.test_request_context():
            said = render_template(kind.template, entry=entry, actor=cast.ada if is_known else None, subject=subject).strip()
        assert said
        assert not said.endswith(".")


def test_people_see_themselves_and_staff_sees_people(cast: Any) -> None:
    both = [Ref("person", cast.otto.id), Ref("person", cast.cleo.id)]
    assert [subject.label for subject in find_subjects(cast.otto, both).values()] == ["Otto"]
    assert find_subjects(cast.otto, both)[both[0]].url == "/account"
    assert {subject.label for subject in find_subjects(cast.mira, both).values()} == {"Otto", "Cleo"}
    assert find_subjects(cast.ada, both)[both[1]].url == f"/people/{cast.cleo.id}"
    assert find_subjects(cast.visitor, both) == {}


def test_tokens_and_invitations(cast: Any) -> None:
    make_token(cast.otto, cast.otto.id, NewToken(name="newsletter"))
    invitation_id, _secret = make_invitation(cast.ada, NewInvitation(group="customer"))
    refs = [Ref("token", 1), Ref("invitation", invitation_id)]
    assert [subject.label for subject in find_subjects(cast.otto, refs).values()] == ["newsletter"]
    assert [subject.label for subject in find_subjects(cast.ada, refs).values()] == ["an invitation for customers"]
    assert [subject.label for subject in find_subjects(cast.mira, refs).values()] == ["an invitation for customers"]
    assert find_subjects(cast.cleo, refs) == {}
