"""What happens to a board, heard by everybody who reads it."""

from cocreate.eventlog.kinds import declare

BOARD_MADE = declare("board.made", "boards", "board")
BOARD_OPENED = declare("board.opened", "boards", "board", data=("before",))
BOARD_DECIDING = declare("board.deciding", "boards", "board", data=("before",))
BOARD_CLOSED = declare("board.closed", "boards", "board", data=("before",))
BOARD_EDITED = declare("board.edited", "boards", "board", data=("fields",))
AUDIENCE_CHANGED = declare("board.audience_changed", "boards", "board", data=("read", "part"))
CHARTER_CHANGED = declare("charter.changed", "boards", "board", data=("version",))
HOSTS_CHANGED = declare("board.hosts_changed", "boards", "board", data=("person", "duty", "now"))
