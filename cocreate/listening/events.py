"""What happens to people's words. Unnamed ones have no actor, in no stream; what is held or hidden is heard by staff only."""

from cocreate.eventlog.kinds import declare

RESPONSE_GIVEN = declare("response.given", "listening", "board")
RESPONSE_HELD = declare("response.held", "listening", "staff", data=("board", "why"))
RESPONSE_HELD_AGAIN = declare("response.held_again", "listening", "board", "staff")
RESPONSE_WITHDRAWN = declare("response.withdrawn", "listening", "board", "staff")
RESPONSE_RETURNED = declare("response.returned", "listening", "board", "staff")
RESPONSE_HIDDEN = declare("response.hidden", "listening", "board", "staff")
RESPONSE_SHOWN = declare("response.shown", "listening", "board")
