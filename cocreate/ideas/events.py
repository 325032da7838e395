"""What happens to ideas. What is held or hidden is heard by staff only."""

from cocreate.eventlog.kinds import declare

IDEA_PROPOSED = declare("idea.proposed", "ideas", "board")
IDEAS_PASTED = declare("ideas.pasted", "ideas", "board", data=("ideas",))
IDEA_HELD = declare("idea.held", "ideas", "staff", data=("board", "why"))
IDEA_HELD_AGAIN = declare("idea.held_again", "ideas", "board", "staff")
IDEA_EDITED = declare("idea.edited", "ideas", "board", "staff", data=("text_version",))
IDEA_TAGGED = declare("idea.tagged", "ideas", "board", "staff", data=("tags",))
IDEA_WITHDRAWN = declare("idea.withdrawn", "ideas", "board", "staff")
IDEA_RETURNED = declare("idea.returned", "ideas", "board", "staff")
IDEA_HEARD = declare("idea.heard", "ideas", "board", data=("due",))
IDEA_ANSWERED = declare("idea.answered", "ideas", "board", data=("answer", "status", "before"))
IDEA_UNANSWERED = declare("idea.unanswered", "ideas", "board", data=("answer", "status"))
IDEA_MERGED = declare("idea.merged", "ideas", "board", data=("into",))
IDEA_UNMERGED = declare("idea.unmerged", "ideas", "board", data=("out_of",))
IDEA_HIDDEN = declare("idea.hidden", "ideas", "board", "staff")
IDEA_SHOWN = declare("idea.shown", "ideas", "board")
