"""What happens to statements and to the changes suggested to them. What is held is heard by staff only."""

from cocreate.eventlog.kinds import declare

STATEMENT_STARTED = declare("statement.started", "statements", "board")
STATEMENT_REWORDED = declare("statement.reworded", "statements", "board", data=("version",))
STATEMENT_ADOPTED = declare("statement.adopted", "statements", "board", data=("version",))
STATEMENT_SET_ASIDE = declare("statement.set_aside", "statements", "board", data=("version",))
AMENDMENT_PROPOSED = declare("amendment.proposed", "statements", "board", data=("statement",))
AMENDMENT_HELD = declare("amendment.held", "statements", "staff", data=("board", "why"))
AMENDMENT_HELD_AGAIN = declare("amendment.held_again", "statements", "board", "staff", data=("statement",))
AMENDMENT_WITHDRAWN = declare("amendment.withdrawn", "statements", "board", "staff", data=("statement",))
AMENDMENT_RETURNED = declare("amendment.returned", "statements", "board", "staff", data=("statement",))
AMENDMENT_ACCEPTED = declare("amendment.accepted", "statements", "board", data=("statement", "version"))
AMENDMENT_DECLINED = declare("amendment.declined", "statements", "board", data=("statement",))
AMENDMENT_REOPENED = declare("amendment.reopened", "statements", "board", data=("statement", "version"))
AMENDMENT_HIDDEN = declare("amendment.hidden", "statements", "board", "staff", data=("statement",))
AMENDMENT_SHOWN = declare("amendment.shown", "statements", "board", data=("statement",))
