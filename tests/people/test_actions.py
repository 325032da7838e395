"""What administrators do to people, the organisation and invitations; and who may not."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from cocreate.core.db import db
from cocreate.core.errors import BadInput, Conflict, NotFound, Refused
from cocreate.core.fields import read_input
from cocreate.people.actions import (
    add_person,
    change_person,
    edit_organisation,
    make_invitation,
    restore_person,
    revoke_invitation,
    suspend_person,
)
from cocreate.people.inputs import ChangePerson, EditOrganisation, NewInvitation, NewPerson, labels_from
from cocreate.people.models import Organisation, Person, Session
from cocreate.people.queries import PeopleWanted, invited_by, people_list, site
from cocreate.people.signin_actions import start_session

NINA = NewPerson(email="nina@example.org", name="Nina", group="partner", team="Kiel")


def test_somebody_is_added(cast: Any, one_event: Any) -> None:
    with one_event("person.joined"):
        person_id = add_person(cast.ada, NINA)
    row = db.session.get_one(Person, person_id)
    assert (row.email, row.name, row.group, row.role, row.team) == ("nina@example.org", "Nina", "partner", "member", "Kiel")
    with one_event(), pytest.raises(BadInput, match="already"):
        add_person(cast.ada, NINA)


DONE_BY_ADMINISTRATORS: list[Callable[[Any, Any], Any]] = [
    lambda actor, _cast: add_person(actor, NINA),
    lambda actor, cast: change_person(actor, cast.otto.id, ChangePerson(role="admin")),
    lambda actor, cast: suspend_person(actor, cast.otto.id),
    lambda actor, cast: restore_person(actor, cast.otto.id),
    lambda actor, _cast: make_invitation(actor, NewInvitation(group="customer")),
    lambda actor, _cast: revoke_invitation(actor, 1),
    lambda actor, _cast: edit_organisation(actor, EditOrganisation(name="Mine")),
]


@pytest.mark.parametrize("deed", DONE_BY_ADMINISTRATORS)
def test_nobody_else_may(cast: Any, one_event: Any, deed: Any) -> None:
    for actor in (cast.mona, cast.emil, cast.cleo, cast.piet, cast.mira, cast.otto, cast.visitor):
        with one_event(), pytest.raises(Refused):
            deed(actor, cast)


def test_a_change_of_group_is_heard(cast: Any, one_event: Any) -> None:
    with one_event("person.changed", "rights.changed"):
        change_person(cast.ada, cast.otto.id, ChangePerson(group="partner"))
    assert db.session.get_one(Person, cast.otto.id).stamp == cast.otto.stamp + 1
    with one_event("person.changed"):
        change_person(cast.ada, cast.otto.id, ChangePerson(team="Kiel"))
    with one_event():
        change_person(cast.ada, cast.otto.id, ChangePerson(group="partner", team="Kiel"))
    with pytest.raises(NotFound):
        change_person(cast.ada, 9999, ChangePerson(name="Nobody"))


def test_more_rights_make_sessions_shorter(cast: Any) -> None:
    viewer = start_session(cast.emil.id, "test")
    before = db.session.get_one(Session, viewer.session_id).expires_at
    change_person(cast.ada, cast.emil.id, ChangePerson(role="moderator"))
    assert db.session.get_one(Session, viewer.session_id).expires_at < before
    other = start_session(cast.cleo.id, "test")
    assert db.session.get_one(Session, other.session_id).expires_at >= before


def test_the_last_administrator_stays(cast: Any, one_event: Any) -> None:
    with one_event(), pytest.raises(Conflict, match="only administrator"):
        change_person(cast.ada, cast.ada.id, ChangePerson(role="member"))
    with one_event(), pytest.raises(Conflict):
        suspend_person(cast.ada, cast.ada.id)
    change_person(cast.ada, cast.mona.id, ChangePerson(role="admin"))
    change_person(cast.ada, cast.ada.id, ChangePerson(role="member"))
    assert db.session.get_one(Person, cast.ada.id).role == "member"


def test_out_and_in_again(cast: Any, one_event: Any) -> None:
    with one_event("person.suspended", "session.ended"):
        suspend_person(cast.ada, cast.otto.id)
    with one_event():
        suspend_person(cast.ada, cast.otto.id)
    with pytest.raises(Refused):
        start_session(cast.otto.id, "test")
    with one_event("person.restored"):
        restore_person(cast.ada, cast.otto.id)
    with one_event():
        restore_person(cast.ada, cast.otto.id)
    assert start_session(cast.otto.id, "test").name == "Otto"


def test_an_invitation_until_it_is_taken_back(cast: Any, one_event: Any, clock: Any) -> None:
    with one_event("invitation.made"):
        invitation_id, secret = make_invitation(cast.ada, NewInvitation(group="partner", most_uses=3))
    found = invited_by(secret)
    assert (found.id, found.group, found.by, found.refusal) == (invitation_id, "partner", "Ada", None)
    with one_event("invitation.revoked"):
        revoke_invitation(cast.ada, invitation_id)
    with one_event():
        revoke_invitation(cast.ada, invitation_id)
    assert "taken back" in str(invited_by(secret).refusal)
    with pytest.raises(NotFound):
        invited_by("made up")
    with pytest.raises(NotFound):
        revoke_invitation(cast.ada, 9999)


def test_the_organisation_says_who_it_is(cast: Any, one_event: Any) -> None:
    labels = labels_from({"label_customer_one": "a patient", "label_customer_many": "patients", "label_partner_many": " ", "name": "x"})
    given = EditOrganisation(name="Clinic", labels=labels, time_zone="Europe/Berlin", employee_domains="clinic.example, Clinic.example.net")  # type: ignore[arg-type]
    with one_event("organisation.edited"):
        edit_organisation(cast.ada, given)
    with one_event():
        edit_organisation(cast.ada, given)
    assert site().name == "Clinic"
    assert (site().labels["customer"].one, site().labels["customer"].many, site().labels["partner"].many) == ("a patient", "patients", "partners")
    assert site().employee_domains == ("clinic.example", "clinic.example.net")
    assert len(list(db.session.scalars(select(Organisation)))) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Base"),
        ("employee_domains", "not a domain"),
        ("labels", {"guests": {"one": "a guest"}}),
        ("labels", {"customer": {"few": "x"}}),
        ("name", ""),
    ],
)
def test_an_organisation_that_cannot_be(field: str, value: Any, app: Any) -> None:
    with pytest.raises(BadInput) as found:
        read_input(EditOrganisation, {"name": "Clinic", field: value})
    assert list(found.value.errors) == [field]


def test_people_are_found_by_any_part(cast: Any, query_count: Any) -> None:
    add_person(cast.ada, NINA)
    add_person(cast.ada, NewPerson(email="under_score@example.org", name="Zoë 100%", group="customer"))

    def names(words: str = "", group: str = "", after: int = 0, limit: int = 50) -> list[str]:
        return [person.name for person in people_list(PeopleWanted(words, group, after), limit)]

    assert names() == ["Ada", "Cleo", "Emil", "Mira", "Mona", "Nina", "Otto", "Piet", "Zoë 100%"]
    assert names("NINA") == names("kiel") == names("nina@ example") == ["Nina"]
    assert names("Zoë") == names("100%") == names("under_score") == ["Zoë 100%"]
    assert names("under%score") == names("_ina") == []
    assert names(group="customer") == ["Cleo", "Otto", "Zoë 100%"]
    assert names(group="'; --") == names()
    first = people_list(PeopleWanted(), 4)
    assert names(after=first[-1].id, limit=3) == ["Mona", "Nina", "Otto"]
    with query_count() as statements:
        names("n", "partner", first[-1].id)
    assert len(statements) == 1
