"""Changes of people's own rows, inside a transaction that an action opened; without event or commit."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select, update

from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.core.tokens import digest, new_token
from cocreate.people.groups import Group, Role
from cocreate.people.models import Organisation, Person, Session, SetUp
from cocreate.people.viewer import Viewer

SESSION_DAYS = {"member": 90, "moderator": 1, "admin": 1}


def insert_person(email: str | None, name: str, group: Group, role: Role = "member", team: str | None = None) -> Person:
    """A new account, with its id."""
    row = Person(email=email, name=name, group=group, role=role, team=team or None, created_at=clock.now(), stamp=0, keys=True)
    with db.session.begin_nested():  # a taken address leaves the rest of the action as it was
        db.session.add(row)
    if role == "admin":
        end_set_up()
    return row


def insert_people_from(origin: Ref, names: Mapping[str, str], group: Group) -> None:
    """People who came with an import: `names` by the number they had elsewhere. Nobody can sign in as one of them, as they have no address."""
    kept = {"group": group, "role": "member", "created_at": clock.now(), "stamp": 0, "keys": True, "origin_kind": origin.kind, "origin_id": origin.id}
    db.session.add_all(Person(external_id=number, name=name, **kept) for number, name in names.items())
    db.session.flush()


def end_set_up() -> None:
    """From now on nobody becomes the first administrator."""
    db.session.execute(delete(SetUp))


def insert_organisation(name: str, sentence: str = "", time_zone: str = "UTC") -> Organisation:
    row = Organisation(name=name, sentence=sentence, time_zone=time_zone, locale="en", labels={}, employee_domains=[], created_at=clock.now())
    db.session.add(row)
    db.session.flush()
    return row


def insert_session(row: Person, device: str) -> Viewer:
    """A new session; the viewer carries its secret, which is kept nowhere else."""
    token, now = new_token(), clock.now()
    entry = Session(digest=digest(token), person_id=row.id, device=device[:120], created_at=now, used_at=now, expires_at=_end(now, row.role))
    db.session.add(entry)
    db.session.flush()
    return Viewer(row.id, row.name, row.email, row.group, row.role, row.team, row.stamp, entry.id, token, row.locale, row.keys)  # type: ignore[arg-type]


def _end(now: datetime, role: str) -> datetime:
    return now + clock.days(SESSION_DAYS[role])


def shorten_sessions(row: Person) -> None:
    """Sessions never last longer than those of the role that a person has now."""
    end = _end(clock.now(), row.role)
    db.session.execute(update(Session).where(Session.person_id == row.id, Session.expires_at > end).values(expires_at=end))


def delete_sessions(person_id: int, but: int | None = None) -> int:
    """End all sessions of a person, or all but one. Gives how many ended."""
    ids = [id for id in db.session.scalars(select(Session.id).where(Session.person_id == person_id)) if id != but]
    if ids:
        db.session.execute(delete(Session).where(Session.id.in_(ids)))
    return len(ids)
