"""What happens to people and to the organisation itself. Staff hears of people; each person hears of their own sessions."""

from cocreate.eventlog.kinds import declare

ORGANISATION_FOUNDED = declare("organisation.founded", "people", "public")
ORGANISATION_EDITED = declare("organisation.edited", "people", "public")
PERSON_JOINED = declare("person.joined", "people", "staff", data=("group", "role"))
PERSON_CHANGED = declare("person.changed", "people", "staff", data=("group", "role"))
PERSON_SUSPENDED = declare("person.suspended", "people", "staff")
PERSON_RESTORED = declare("person.restored", "people", "staff")
SESSION_ENDED = declare("session.ended", "people", "person", data=("sessions",))
RIGHTS_CHANGED = declare("rights.changed", "people", "person")
TOKEN_MADE = declare("token.made", "people", "person")
TOKEN_REVOKED = declare("token.revoked", "people", "person")
INVITATION_MADE = declare("invitation.made", "people", "staff", data=("group", "role"))
INVITATION_REVOKED = declare("invitation.revoked", "people", "staff")
