"""Who may do what to people and to the organisation. Pure."""

from flask_babel import gettext as _

from cocreate.core import clock
from cocreate.core.errors import Conflict, Failure, Refused
from cocreate.eventlog.permissions import permission
from cocreate.people.models import Invitation, Person
from cocreate.people.viewer import Anyone


def _by_admin(actor: Anyone, _subject: object) -> Failure | None:
    return None if actor.is_admin else Refused(_("Only administrators of this site can do this."))


def _on_other(actor: Anyone, person: Person) -> Failure | None:
    if not actor.is_admin:
        return Refused(_("Only administrators of this site can do this."))
    if person.id == actor.id:
        return Conflict(_("You cannot do this to yourself. Ask another administrator."))
    return None


def _own(actor: Anyone, owner_id: int) -> Failure | None:
    if actor.is_admin or (actor.id is not None and actor.id == owner_id):
        return None
    return Refused(_("This belongs to somebody else."))


def _in_own_name(actor: Anyone, owner_id: int) -> Failure | None:
    """An administrator is not somebody else: only the command line, which could do anything, acts for others here."""
    is_command_line = actor.id is None and actor.is_admin
    return None if is_command_line or actor.id == owner_id else Refused(_("This belongs to somebody else."))


def _take_invitation(_actor: Anyone, invitation: Invitation) -> Failure | None:
    if invitation.revoked_at is not None:
        return Conflict(_("This invitation was taken back. Ask whoever sent it for a new one."))
    if invitation.expires_at <= clock.now():
        return Conflict(_("The time of this invitation is over. Ask whoever sent it for a new one."))
    if invitation.uses >= invitation.most_uses:
        return Conflict(_("This invitation was used as often as it may be. Ask whoever sent it for a new one."))
    return None


LIST_PEOPLE = permission("people.list", _by_admin)
ADD_PERSON = permission("people.add", _by_admin)
CHANGE_PERSON = permission("people.change", _by_admin)
SUSPEND_PERSON = permission("people.suspend", _on_other)
INVITE = permission("invitation.make", _by_admin)
TAKE_INVITATION = permission("invitation.take", _take_invitation)
EDIT_ORGANISATION = permission("organisation.edit", _by_admin)
END_SESSION = permission("session.end", _own)
MAKE_TOKEN = permission("token.make", _in_own_name)
