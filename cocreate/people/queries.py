"""Reading people: who a secret belongs to, what the organisation is called, and the lists for administrators."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import Any, TypeVar

from flask import current_app
from flask_babel import get_locale, gettext as _
from sqlalchemy import Row, bindparam, func, or_, select, tuple_
from sqlalchemy.exc import SQLAlchemyError

from cocreate.core import clock
from cocreate.core.db import ask, db
from cocreate.core.errors import Failure, NotFound
from cocreate.core.ids import Ref
from cocreate.core.tokens import digest
from cocreate.eventlog.record import News, after_commit
from cocreate.eventlog.rooms import PUBLIC, STAFF
from cocreate.people import policy
from cocreate.people.groups import GROUPS, NAMED_FROM, Group, in_order
from cocreate.people.models import Draft, Invitation, Organisation, Person, Session, SetUp, SignIn, Token
from cocreate.people.naming import Named
from cocreate.people.viewer import Viewer
from cocreate.people.waiting_queries import waiting_columns

T = TypeVar("T")
SITE_KEPT = 2.0  # seconds that the organisation's own facts are kept; a change in this process is seen at once
IDLE = {"member": 14, "moderator": 1 / 3, "admin": 1 / 3}  # days after which an unused session ends

_PERSON = (Person.id, Person.name, Person.email, Person.group, Person.role, Person.team, Person.stamp, Person.locale, Person.keys)


@dataclass(frozen=True)
class Label:
    """What a group is called here: `one` with its article, `many` without."""

    one: str
    many: str


@dataclass(frozen=True)
class Site:
    """The organisation as pages need it; with sensible words before it was founded."""

    name: str = "CoCreate"
    sentence: str = ""
    time_zone: str = "UTC"
    locale: str = "en"
    customers_may_join: bool = False
    employee_domains: tuple[str, ...] = ()
    founded: bool = False
    own_labels: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def usual_labels(self) -> dict[Group, Label]:
        return {
            "management": Label(_("someone in management"), _("management")),
            "employee": Label(_("an employee"), _("employees")),
            "customer": Label(_("a customer"), _("customers")),
            "partner": Label(_("a partner"), _("partners")),
        }

    @cached_property
    def _by_locale(self) -> dict[str, dict[Group, Label]]:
        return {}

    @property
    def labels(self) -> dict[Group, Label]:
        """Each group's names in the reader's language, put together once: a page asks for them hundreds of times."""
        locale = str(get_locale())
        if locale not in self._by_locale:
            usual, own = self.usual_labels, self.own_labels
            found = {g: Label(own.get(g, {}).get("one") or usual[g].one, own.get(g, {}).get("many") or usual[g].many) for g in GROUPS}
            self._by_locale[locale] = found
        return self._by_locale[locale]

    def label(self, group: Group) -> str:
        """The group by its own name, as on a badge."""
        many = self.labels[group].many
        return many[:1].upper() + many[1:]

    def today(self) -> Any:
        return clock.today(self.time_zone)


def site() -> Site:
    """The organisation's facts, kept for a moment, as every page needs them."""
    return kept("cocreate_site", lambda: _site(db.session.execute(select(Organisation.__table__)).first()))


def kept(name: str, find: Callable[[], T]) -> T:
    """What was found a moment ago, else found anew; while the database is gone, what was found last, as pages that say so need it too."""
    last = current_app.extensions.get(name)
    if last is None or last[0] < clock.ticks():
        try:
            value = find()
        except SQLAlchemyError:
            if last is None:
                raise
            value = last[1]
        last = (clock.ticks() + SITE_KEPT, value)
        current_app.extensions[name] = last
    found: T = last[1]
    return found


def _site(row: Row[Any] | None) -> Site:
    if row is None:
        return Site()
    return Site(row.name, row.sentence, row.time_zone, row.locale, row.customers_may_join, tuple(row.employee_domains), True, row.labels)


def forget_kept(news: News) -> None:
    """A change in this process is seen by its next page."""
    if current_app and (PUBLIC in news.streams or STAFF in news.streams):
        for name in ("cocreate_site", "cocreate_namable"):
            current_app.extensions.pop(name, None)


after_commit(forget_kept)


def _viewer(row: Any, **more: Any) -> Viewer:
    return Viewer(row.id, row.name, row.email, row.group, row.role, row.team, row.stamp, locale=row.locale, keys=row.keys, **more)


@cache
def _by_session() -> Any:
    waits = (count.label(name) for name, count in waiting_columns().items())
    query = select(*_PERSON, Session.id.label("session_id"), Session.used_at, Session.expires_at, *waits).join(Session, Session.person_id == Person.id)
    return query.where(Session.digest == bindparam("digest"), Person.suspended_at.is_(None))


def viewer_by_session(token: str) -> Viewer | None:
    """Who the cookie's secret belongs to, unless the session ended, idled out, or the person is suspended."""
    row = ask(_by_session(), {"digest": digest(token)}).first()
    if row is None or _is_over(row, clock.now()):
        return None
    waits = {name: getattr(row, name) for name in waiting_columns()}
    return _viewer(row, session_id=row.session_id, session_token=token, used_at=row.used_at, expires_at=row.expires_at, **waits)


def _is_over(row: Any, now: datetime) -> bool:
    """Whether a session came to its last day, or was not used for too long."""
    return bool(row.expires_at <= now or row.used_at <= now - clock.days(IDLE[row.role]))


@cache
def _by_token() -> Any:
    query = select(*_PERSON, Token.scope, Token.id.label("token_id"), Token.used_at).join(Token, Token.person_id == Person.id)
    return query.where(Token.digest == bindparam("digest"), Token.revoked_at.is_(None), Person.suspended_at.is_(None))


def viewer_by_token(token: str) -> Viewer | None:
    """Who the API token belongs to, unless it was revoked or the person is suspended."""
    row = ask(_by_token(), {"digest": digest(token)}).first()
    return _viewer(row, can_write=row.scope == "write", token_id=row.token_id, used_at=row.used_at) if row else None


def viewers_now(viewers: list[Viewer]) -> dict[int, Viewer]:
    """The same people as they are now, without those who are suspended; for sockets, which live longer than a request."""
    query = select(*_PERSON).where(Person.id.in_({viewer.id for viewer in viewers}), Person.suspended_at.is_(None))
    return {row.id: _viewer(row) for row in db.session.execute(query)}


def live_sessions(session_ids: set[int]) -> set[int]:
    """Those of the sessions that have not ended or idled out."""
    query = select(Session.id, Session.used_at, Session.expires_at, Person.role).join(Person, Person.id == Session.person_id)
    now = clock.now()
    return {row.id for row in db.session.execute(query.where(Session.id.in_(session_ids))) if not _is_over(row, now)}


def live_tokens(token_ids: set[int]) -> set[int]:
    """Those of the tokens that were not revoked."""
    return set(db.session.scalars(select(Token.id).where(Token.id.in_(token_ids), Token.revoked_at.is_(None))))


def viewer_of(person_id: int) -> Viewer:
    """A person as a viewer, for commands and jobs that act or read as them. Raises NotFound."""
    row = db.session.execute(select(*_PERSON).where(Person.id == person_id)).first()
    if row is None:
        raise NotFound()
    return _viewer(row)


def viewer_by_email(email: str) -> Viewer | None:
    row = db.session.execute(select(*_PERSON).where(Person.email == email.strip().lower())).first()
    return _viewer(row) if row else None


def names_of(person_ids: set[int]) -> dict[int, Named]:
    if not person_ids:
        return {}
    query = select(Person.id, Person.name, Person.group).where(Person.id.in_(person_ids))
    return {row.id: Named(row.name, row.group) for row in db.session.execute(query)}


def addresses_of(person_ids: set[int]) -> dict[int, str]:
    """The mail addresses of people who have one and are not suspended."""
    query = select(Person.id, Person.email).where(Person.id.in_(person_ids), Person.email.is_not(None), Person.suspended_at.is_(None))
    return {row.id: row.email for row in db.session.execute(query)}


def namable_groups() -> frozenset[str]:
    """The groups with enough people that naming the group beside unnamed words does not name the person."""
    query = select(Person.group).where(Person.suspended_at.is_(None)).group_by(Person.group).having(func.count() >= NAMED_FROM)
    return kept("cocreate_namable", lambda: frozenset(db.session.scalars(query)))


def person(person_id: int) -> Person:
    """Raises NotFound."""
    found = db.session.get(Person, person_id)
    if found is None:
        raise NotFound()
    return found


def people_from(origin: Ref) -> dict[str, Any]:
    """Who came with an import, by the number they had elsewhere: rows of external_id, id, group."""
    query = select(Person.external_id, Person.id, Person.group).where(Person.origin_kind == origin.kind, Person.origin_id == origin.id)
    return {row.external_id: row for row in db.session.execute(query)}


@dataclass(frozen=True)
class PeopleWanted:
    """Which people a list is asked for: all words in name, address or team; of a group; after a person, by name."""

    words: str = ""
    group: str = ""
    after: int = 0


def people_list(wanted: PeopleWanted, limit: int) -> list[Person]:
    """People by name. Those who came with an import, and those without an address, stand among them."""
    name = func.lower(Person.name)
    query = select(Person).order_by(name, Person.id).limit(limit)
    for word in wanted.words.split()[:8]:
        holds = [column.contains(word.lower(), autoescape=True) for column in (name, Person.email, func.lower(Person.team))]
        query = query.where(or_(*holds, Person.name.contains(word, autoescape=True)))
    if wanted.group in GROUPS:
        query = query.where(Person.group == wanted.group)
    if wanted.after:
        place = select(name, Person.id).where(Person.id == wanted.after).subquery()
        query = query.where(tuple_(name, Person.id) > select(*place.c).scalar_subquery())
    return list(db.session.scalars(query))


def count_by_group() -> dict[str, int]:
    query = select(Person.group, func.count()).where(Person.suspended_at.is_(None)).group_by(Person.group)
    return {row[0]: row[1] for row in db.session.execute(query)}


def has_admin() -> bool:
    return db.session.scalar(select(Person.id).where(Person.role == "admin", Person.suspended_at.is_(None)).limit(1)) is not None


def is_set_up_secret(token: str) -> bool:
    return db.session.scalar(select(SetUp.id).where(SetUp.digest == digest(token))) is not None


def needs_set_up() -> bool:
    """Whether the site still waits for its first administrator. Once there is one it is not asked again, as every Home would."""
    if not current_app.extensions.get("cocreate_has_admin"):
        current_app.extensions["cocreate_has_admin"] = has_admin()
    return not current_app.extensions["cocreate_has_admin"]


@dataclass(frozen=True)
class Invited:
    """An invitation as the one who opens it sees it."""

    id: int
    group: Group
    by: str
    refusal: Failure | None


def invited_by(token: str) -> Invited:
    """The invitation of a link, with why it cannot be used if it cannot. Raises NotFound."""
    query = select(Invitation, Person.name).outerjoin(Person, Person.id == Invitation.created_by)
    row = db.session.execute(query.where(Invitation.digest == digest(token))).first()
    if row is None:
        raise NotFound()
    invitation, by = row
    return Invited(invitation.id, in_order({invitation.group})[0], by or "", policy.TAKE_INVITATION.refusal(None, invitation))


def invitations() -> list[Invitation]:
    """Those that can still be used, newest first."""
    query = select(Invitation).where(Invitation.expires_at > clock.now(), Invitation.revoked_at.is_(None), Invitation.uses < Invitation.most_uses)
    return list(db.session.scalars(query.order_by(Invitation.id.desc()).limit(100)))


def tokens_of(person_id: int) -> list[Token]:
    query = select(Token).where(Token.person_id == person_id, Token.revoked_at.is_(None)).order_by(Token.id.desc())
    return list(db.session.scalars(query))


def sessions_of(person_id: int) -> list[Any]:
    """The devices a person is signed in on: rows of id, device, created_at, used_at, the last used first."""
    columns = (Session.id, Session.device, Session.created_at, Session.used_at, Session.expires_at, Person.role)
    query = select(*columns).join(Person, Person.id == Session.person_id).where(Session.person_id == person_id)
    now = clock.now()
    return [row for row in db.session.execute(query.order_by(Session.used_at.desc())) if not _is_over(row, now)]


def password_hash_of(email: str) -> tuple[int | None, str | None]:
    """(person id, hash) for the address; None for both where nobody, or nobody who may come in, has it."""
    row = db.session.execute(select(Person.id, Person.password_hash).where(Person.email == email, Person.suspended_at.is_(None))).first()
    return (row.id, row.password_hash) if row else (None, None)


def sign_in_by_link(token: str) -> SignIn | None:
    found = db.session.scalar(select(SignIn).where(SignIn.link_digest == digest(token)))
    return found if found is not None and found.used_at is None and found.expires_at > clock.now() else None


def sign_in_by_browser(browser: str) -> SignIn | None:
    """The newest sign-in asked for from this browser that still waits, whether or not its address may come in."""
    query = select(SignIn).where(SignIn.browser == digest(browser), SignIn.used_at.is_(None), SignIn.expires_at > clock.now())
    return db.session.scalar(query.order_by(SignIn.id.desc()).limit(1))


@dataclass(frozen=True)
class Kept:
    """A form that was not sent through yet."""

    id: int
    endpoint: str
    arguments: dict[str, Any]
    fields: dict[str, list[str]]
    at: datetime


def kept_forms(owner: str) -> list[Kept]:
    """What this visitor wanted to send, oldest first."""
    rows = db.session.scalars(select(Draft).where(Draft.owner == digest(owner)).order_by(Draft.id))
    return [Kept(row.id, row.endpoint, row.arguments, row.fields, row.created_at) for row in rows]
