"""What is brought onto a board from elsewhere: in short steps, and in one event when all of it is there."""

from cocreate.eventlog.kinds import declare

PEOPLE_IMPORTED = declare("people.imported", "transfer", "staff", data=("people",))
IDEAS_IMPORTED = declare("ideas.imported", "transfer", "board", "staff", data=("ideas",))
BOARD_IMPORTED = declare("board.imported", "transfer", "board", data=("idea_count", "people"))
