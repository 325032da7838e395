"""How people come in, what ends that, and what is kept for them meanwhile."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.errors import Conflict, NotFound, Refused
from cocreate.core.ids import Ref
from cocreate.core.jobs import HOURLY, job
from cocreate.core.outbox import put_mail
from cocreate.core.tokens import digest, new_code, new_token, same
from cocreate.eventlog.permissions import require
from cocreate.eventlog.record import action, record
from cocreate.eventlog.rooms import STAFF, person_room
from cocreate.people import events, policy
from cocreate.people.changes import delete_sessions, insert_person, insert_session
from cocreate.people.inputs import AskToSignIn, Preferences
from cocreate.people.models import Draft, Invitation, Person, Session, SignIn, Token, Visit
from cocreate.people.queries import Site
from cocreate.people.viewer import Actor, Viewer

CODE_MINUTES = 10
MOST_TRIES = 5  # of one code; the sixth is refused even if it is right
DRAFT_DAYS = 7
LINK_PLACE = "HERE"  # stands in an address for the secret of a link


@action
def ask_to_sign_in(given: AskToSignIn, browser: str, site: Site, invitation_id: int | None, link_to: str, site_url: str) -> None:
    """Send a code and a link to the address, if it may come in; else a mail that says so. What the asker sees is the same, and so is what is done:
    the row of an address that may not come in has a code that nobody is told. `link_to` is an address with LINK_PLACE in it."""
    now, code, token = clock.now(), new_code(), new_token()
    db.session.execute(update(SignIn).where(SignIn.browser == digest(browser), SignIn.used_at.is_(None)).values(used_at=now))
    person = db.session.scalar(select(Person).where(Person.email == given.email))
    row = SignIn(
        email=given.email,
        name=given.name,
        code_digest=digest(f"{browser}:{code}"),
        link_digest=digest(token),
        browser=digest(browser),
        invitation_id=invitation_id,
        tries=0,
        expires_at=now + clock.days(CODE_MINUTES / 1440),
    )
    if not _may_come_in(person, given.email, invitation_id, site):
        row.code_digest = row.link_digest = digest(new_token())
        put_mail(given.email, _("Signing in to %(site)s", site=site.name), _no_way_in(person, site, site_url))
    else:
        put_mail(given.email, _("%(code)s is your code for %(site)s", code=code, site=site.name), _way_in(code, link_to.replace(LINK_PLACE, token, 1)))
    db.session.add(row)


def _way_in(code: str, link: str) -> str:
    return _(
        "Your code is %(code)s\n\nType it where you asked for it, or open this link:\n%(link)s\n\nBoth work once, for %(minutes)s minutes. "
        "If you did not ask for this, do nothing: nobody can come in without this mail.",
        code=code,
        link=link,
        minutes=CODE_MINUTES,
    )


def _no_way_in(person: Person | None, site: Site, site_url: str) -> str:
    asked = _("Somebody, perhaps you, asked to sign in to %(site)s (%(url)s) with this address.", site=site.name, url=site_url)
    if person is not None:
        reason = _("It cannot come in at present. Ask an administrator there.")
    else:
        reason = _("Nobody there has it. If you were invited, open the link of the invitation.")
    return f"{asked}\n\n{reason}\n\n" + _("If you did not ask for this, do nothing.")


def _may_come_in(person: Person | None, email: str, invitation_id: int | None, site: Site) -> bool:
    if person is not None:
        return person.suspended_at is None
    return invitation_id is not None or site.customers_may_join or email.rpartition("@")[2] in site.employee_domains


@action
def try_code(browser: str, code: str) -> int | None:
    """Count a try and check the code. Gives the sign-in's id if it is right, else None; the tries stay counted."""
    query = select(SignIn).where(SignIn.browser == digest(browser), SignIn.used_at.is_(None), SignIn.expires_at > clock.now())
    row = db.session.scalar(query.order_by(SignIn.id.desc()).limit(1).with_for_update())
    if row is None or row.tries >= MOST_TRIES:
        return None
    row.tries += 1
    return row.id if same(row.code_digest, digest(f"{browser}:{code}")) else None


@action
def come_in(sign_in_id: int, name: str, site: Site, device: str) -> Viewer | None:
    """Finish a proven sign-in, once: for a person who is here already, or by joining under `name`. None where a name is still needed."""
    row = db.session.scalar(select(SignIn).where(SignIn.id == sign_in_id).with_for_update())
    if row is None or row.used_at is not None or row.expires_at <= clock.now():
        raise Conflict(_("This was used already, or is too old. Ask for a new code."))
    person = db.session.scalar(select(Person).where(Person.email == row.email))
    if person is None:
        name = name or row.name
        if not name:
            return None
        person = _join(row, name, site)
    if person.suspended_at is not None:
        raise Refused(_("You cannot come in at present. Ask an administrator of this site."))
    row.used_at = clock.now()
    return insert_session(person, device)


def _join(row: SignIn, name: str, site: Site) -> Person:
    """The new person: by their invitation, else as an employee by their address's domain, else as a customer where the organisation allows it."""
    try:
        if row.invitation_id is not None:
            invitation = db.session.scalar(select(Invitation).where(Invitation.id == row.invitation_id).with_for_update())
            if invitation is None:
                raise NotFound()
            require(policy.TAKE_INVITATION, None, invitation)
            invitation.uses += 1
            person = insert_person(row.email, name, invitation.group, invitation.role, invitation.team)
        elif row.email.rpartition("@")[2] in site.employee_domains:
            person = insert_person(row.email, name, "employee")
        elif site.customers_may_join:
            person = insert_person(row.email, name, "customer")
        else:
            raise Refused(_("People come in by invitation here. Ask somebody of this site for one."))
    except IntegrityError:
        raise Conflict(_("This was used already, or is too old. Ask for a new code.")) from None
    record(events.PERSON_JOINED, person, STAFF, Ref("person", person.id), group=person.group, role=person.role)
    return person


@action
def start_session(person_id: int, device: str) -> Viewer:
    """Come in by password, or by sitting down in the demo."""
    person = db.session.get(Person, person_id)
    if person is None or person.suspended_at is not None:
        raise Refused(_("You cannot come in at present. Ask an administrator of this site."))
    return insert_session(person, device)


@action
def end_session(actor: Viewer, session_id: int) -> None:
    """End one session; its sockets hear of it."""
    row = db.session.get(Session, session_id)
    if row is None:
        raise NotFound()
    require(policy.END_SESSION, actor, row.person_id)
    db.session.delete(row)
    record(events.SESSION_ENDED, actor, person_room(row.person_id), Ref("person", row.person_id), sessions=1)


@action
def end_other_sessions(actor: Viewer) -> None:
    """End every session of the actor but the one they are in."""
    ended = delete_sessions(actor.id, but=actor.session_id)
    if ended:
        record(events.SESSION_ENDED, actor, person_room(actor.id), Ref("person", actor.id), sessions=ended)


@action
def set_own_password(actor: Viewer, password_hash: str, site: Site, device: str) -> Viewer:
    """Change the password; the current one was checked by the caller, off the write transaction. Every session ends, the one it was changed in goes on
    under a new secret, and the address is told."""
    person = db.session.get_one(Person, actor.id)
    person.password_hash = password_hash
    ended = delete_sessions(actor.id)
    record(events.SESSION_ENDED, actor, person_room(actor.id), Ref("person", actor.id), sessions=ended)
    if person.email:
        body = _("Your password for %(site)s was changed just now, and all other devices were signed out.\n\n", site=site.name)
        put_mail(person.email, _("Your password for %(site)s was changed", site=site.name), body + _("If this was not you, sign in with a code and change it."))
    return insert_session(person, device)


@action
def set_preferences(actor: Viewer, given: Preferences) -> None:
    """Change one's own name and habits."""
    person = db.session.get_one(Person, actor.id)
    person.keys, person.locale = given.keys, given.locale or None
    if person.name != given.name:
        person.name = given.name
        record(events.PERSON_CHANGED, actor, STAFF, Ref("person", actor.id), group=person.group, role=person.role)


@action
def revoke_token(actor: Actor, token_id: int) -> None:
    """End an API token, one's own or as an administrator; again is fine. Raises NotFound."""
    row = db.session.get(Token, token_id)
    if row is None:
        raise NotFound()
    require(policy.END_SESSION, actor, row.person_id)
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        record(events.TOKEN_REVOKED, actor, person_room(row.person_id), Ref("token", row.id))


@action
def keep_draft(owner: str, endpoint: str, arguments: dict[str, Any], fields: dict[str, list[str]]) -> int:
    """Keep what somebody wanted to send, in place of what the same form on the same thing kept before."""
    for row in db.session.scalars(select(Draft).where(Draft.owner == digest(owner), Draft.endpoint == endpoint)):
        if row.arguments == arguments:
            db.session.delete(row)
    row = Draft(owner=digest(owner), endpoint=endpoint, arguments=arguments, fields=fields, created_at=clock.now())
    db.session.add(row)
    db.session.flush()
    return row.id


@action
def forget_drafts(owner: str) -> None:
    """Forget what was kept for a visitor: it is sent now, or is not to be sent."""
    db.session.execute(delete(Draft).where(Draft.owner == digest(owner)))


@action
def note_visit(viewer: Viewer) -> datetime:
    """Remember that Home was looked at, and say when it was before; looks less than an hour apart are one visit."""
    now = clock.now()
    row = db.session.get(Visit, viewer.id)
    if row is None:
        row = Visit(person_id=viewer.id, last_at=now, previous_at=now)
        db.session.add(row)
    elif now - row.last_at > clock.days(1 / 24):
        row.previous_at, row.last_at = row.last_at, now
    elif now - row.last_at > clock.days(1 / 1440):
        row.last_at = now
    return row.previous_at


@action
def note_use(viewer: Viewer) -> None:
    """Remember that a session or a token was used: a session that is not idles out."""
    moment = clock.now()
    if viewer.session_id is not None:
        db.session.execute(update(Session).where(Session.id == viewer.session_id).values(used_at=moment))
    elif viewer.token_id is not None:
        db.session.execute(update(Token).where(Token.id == viewer.token_id).values(used_at=moment))


@job(HOURLY)
@action
def forget_what_expired() -> None:
    """Sessions, codes and drafts past their day."""
    now = clock.now()
    db.session.execute(delete(Session).where(Session.expires_at <= now))
    db.session.execute(delete(SignIn).where(SignIn.expires_at <= now - clock.days(1)))
    db.session.execute(delete(Draft).where(Draft.created_at <= now - clock.days(DRAFT_DAYS)))
