"""What happens to promises, heard by everybody who reads the board."""

from cocreate.eventlog.kinds import declare

COMMITMENT_MADE = declare("commitment.made", "commitments", "board")
COMMITMENT_DONE = declare("commitment.done", "commitments", "board")
COMMITMENT_REOPENED = declare("commitment.reopened", "commitments", "board")
