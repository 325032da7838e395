"""What administrators do to people, the organisation and invitations."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.errors import BadInput, Conflict, NotFound
from cocreate.core.ids import Ref
from cocreate.core.tokens import digest, new_token
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action, record
from cocreate.eventlog.rooms import PUBLIC, STAFF, person_room
from cocreate.people import events, policy
from cocreate.people.changes import delete_sessions, end_set_up, insert_organisation, insert_person, insert_session, shorten_sessions
from cocreate.people.inputs import ChangePerson, EditOrganisation, Found, NewInvitation, NewPerson, NewToken, split_domains
from cocreate.people.models import Invitation, Organisation, Person, SetUp, Token
from cocreate.people.viewer import Actor, Viewer


def _person(person_id: int) -> Person:
    found = db.session.scalar(select(Person).where(Person.id == person_id).with_for_update())
    if found is None:
        raise NotFound()
    return found


@action
def add_person(actor: Actor, given: NewPerson) -> int:
    """Make a person ready to use. Raises BadInput when the address is taken. Gives the id."""
    require(policy.ADD_PERSON, actor, None)
    try:
        row = insert_person(given.email, given.name, given.group, given.role, given.team)
    except IntegrityError:
        raise BadInput({"email": [_("Somebody here has this address already.")]}) from None
    record(events.PERSON_JOINED, actor, STAFF, Ref("person", row.id), group=row.group, role=row.role)
    return row.id


@action
def change_person(actor: Actor, person_id: int, given: ChangePerson) -> None:
    """Change name, group, role or team. A change of group or role shortens sessions to those of the role, and is heard by
    the person's sockets at once."""
    row = _person(person_id)
    require(policy.CHANGE_PERSON, actor, row)
    wanted = {name: value for name, value in given.model_dump(exclude_unset=True).items() if value is not None}
    if "team" in wanted:
        wanted["team"] = wanted["team"] or None
    changed = {name for name, value in wanted.items() if getattr(row, name) != value}
    if not changed:
        return
    if row.role == "admin" and wanted.get("role", "admin") != "admin" and _only_admin(row.id):
        raise Conflict(_("This is the only administrator. Make another one first."))
    for name in changed:
        setattr(row, name, wanted[name])
    if changed & {"group", "role"}:
        row.stamp += 1
        shorten_sessions(row)
        record(events.RIGHTS_CHANGED, actor, person_room(row.id), Ref("person", row.id))
    if row.role == "admin":
        end_set_up()
    record(events.PERSON_CHANGED, actor, STAFF, Ref("person", row.id), group=row.group, role=row.role)


def _only_admin(person_id: int) -> bool:
    others = select(Person.id).where(Person.role == "admin", Person.suspended_at.is_(None), Person.id != person_id).with_for_update()
    return db.session.scalar(others.limit(1)) is None


@action
def suspend_person(actor: Actor, person_id: int) -> None:
    """Keep a person out from the next request on, sockets included. What they said stays."""
    row = _person(person_id)
    require(policy.SUSPEND_PERSON, actor, row)
    if row.suspended_at is not None:
        return
    if row.role == "admin" and _only_admin(row.id):
        raise Conflict(_("This is the only administrator. Make another one first."))
    row.suspended_at = clock.now()
    row.stamp += 1
    ended = delete_sessions(row.id)
    record(events.PERSON_SUSPENDED, actor, STAFF, Ref("person", row.id))
    record(events.SESSION_ENDED, actor, person_room(row.id), Ref("person", row.id), sessions=ended)


@action
def restore_person(actor: Actor, person_id: int) -> None:
    """Let a suspended person in again."""
    row = _person(person_id)
    require(policy.SUSPEND_PERSON, actor, row)
    if row.suspended_at is not None:
        row.suspended_at = None
        row.stamp += 1
        record(events.PERSON_RESTORED, actor, STAFF, Ref("person", row.id))


@action
def make_invitation(actor: Actor, given: NewInvitation) -> tuple[int, str]:
    """Make an invitation. Gives its id and its secret, which is shown once."""
    require(policy.INVITE, actor, None)
    token, now = new_token(), clock.now()
    row = Invitation(
        digest=digest(token),
        group=given.group,
        role=given.role,
        team=given.team or None,
        most_uses=given.most_uses,
        uses=0,
        created_by=actor.id,
        created_at=now,
        expires_at=now + clock.days(given.days),
    )
    db.session.add(row)
    db.session.flush()
    record(events.INVITATION_MADE, actor, STAFF, Ref("invitation", row.id), group=row.group, role=row.role)
    return row.id, token


@action
def revoke_invitation(actor: Actor, invitation_id: int) -> None:
    """Take an invitation back; who came in by it stays."""
    require(policy.INVITE, actor, None)
    row = db.session.get(Invitation, invitation_id)
    if row is None:
        raise NotFound()
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        record(events.INVITATION_REVOKED, actor, STAFF, Ref("invitation", row.id))


@action
def make_token(actor: Actor, person_id: int, given: NewToken) -> str:
    """Make an API token for a person. Gives its secret, which is shown once."""
    require(policy.MAKE_TOKEN, actor, person_id)
    token = new_token()
    row = Token(digest=digest(token), person_id=person_id, name=given.name, scope=given.scope, created_at=clock.now())
    db.session.add(row)
    db.session.flush()
    record(events.TOKEN_MADE, actor, person_room(person_id), Ref("token", row.id))
    return token


@action
def set_password_of(actor: Actor, person_id: int, password_hash: str) -> None:
    """Set a person's password from the command line; hashed before, as a hash takes longer than a write may. Every session of theirs ends."""
    require(policy.ADD_PERSON, actor, None)
    _person(person_id).password_hash = password_hash
    ended = delete_sessions(person_id)
    if ended:
        record(events.SESSION_ENDED, actor, person_room(person_id), Ref("person", person_id), sessions=ended)


@action
def new_set_up_secret() -> str:
    """Make the one-time secret by which the first administrator comes in; an older one is worth nothing from now on."""
    end_set_up()
    token = new_token()
    db.session.add(SetUp(digest=digest(token)))
    return token


@action
def found_site(token: str, given: Found, password_hash: str | None, device: str) -> Viewer:
    """Make the organisation and its first administrator. Of several at once, one does. Raises Conflict for the others."""
    secret = db.session.scalar(select(SetUp).where(SetUp.digest == digest(token)).with_for_update())
    if secret is None:
        raise Conflict(_("This site has been set up already. Sign in instead."))
    db.session.delete(secret)
    organisation = db.session.scalar(select(Organisation)) or insert_organisation(given.organisation)
    organisation.name, organisation.sentence = given.organisation, given.sentence
    try:
        row = insert_person(given.email, given.name, "management", "admin")
    except IntegrityError:
        raise BadInput({"email": [_("Somebody here has this address already.")]}) from None
    row.password_hash = password_hash
    record(events.ORGANISATION_FOUNDED, row, PUBLIC, Ref("organisation", organisation.id))
    record(events.PERSON_JOINED, row, STAFF, Ref("person", row.id), group=row.group, role=row.role)
    return insert_session(row, device)


@action
def edit_organisation(actor: Actor, given: EditOrganisation) -> None:
    """Change the organisation's name, sentence, labels, time zone and who may join."""
    require(policy.EDIT_ORGANISATION, actor, None)
    found = db.session.scalar(select(Organisation).with_for_update())
    row = found or insert_organisation(given.name)
    wanted = {**given.model_dump(), "employee_domains": split_domains(given.employee_domains)}
    changed = {name for name, value in wanted.items() if getattr(row, name) != value}
    if found and not changed:
        return
    for name in changed:
        setattr(row, name, wanted[name])
    record(events.ORGANISATION_EDITED, actor, PUBLIC, Ref("organisation", row.id))
