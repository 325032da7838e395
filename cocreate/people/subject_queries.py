"""People, tokens, invitations and the organisation as things that the log speaks of."""

from flask_babel import gettext as _
from sqlalchemy import select

from cocreate.core.db import db
from cocreate.eventlog.subjects import Subject
from cocreate.people.models import Invitation, Person, Token
from cocreate.people.queries import site
from cocreate.people.viewer import Anyone


def find_people(viewer: Anyone, ids: set[int]) -> dict[int, Subject]:
    """Staff sees people; everybody else nobody but themselves. Only administrators have a page of each."""
    query = select(Person.id, Person.name).where(Person.id.in_(ids))
    if not viewer.is_staff:
        query = query.where(Person.id == viewer.id)
    page = "/people/{}" if viewer.is_admin else "/people"
    return {row.id: Subject(row.name, "/account" if row.id == viewer.id else page.format(row.id)) for row in db.session.execute(query)}


def find_tokens(viewer: Anyone, ids: set[int]) -> dict[int, Subject]:
    query = select(Token.id, Token.name).where(Token.id.in_(ids), Token.person_id == viewer.id)
    return {row.id: Subject(row.name, "/account/tokens") for row in db.session.execute(query)}


def find_invitations(viewer: Anyone, ids: set[int]) -> dict[int, Subject]:
    if not viewer.is_staff:
        return {}
    labels = site().labels
    query = select(Invitation.id, Invitation.group).where(Invitation.id.in_(ids))
    return {row.id: Subject(_("an invitation for %(group)s", group=labels[row.group].many), "/people/invitations") for row in db.session.execute(query)}


def find_organisations(_viewer: Anyone, ids: set[int]) -> dict[int, Subject]:
    return {id: Subject(site().name, "/") for id in ids}
