"""What happens to comments. `about` is the Ref of the thing, so that whoever shows it knows. What is held or hidden is heard by staff only."""

from cocreate.eventlog.kinds import declare

COMMENT_POSTED = declare("comment.posted", "comments", "board", data=("about", "reply_to"))
COMMENT_HELD = declare("comment.held", "comments", "staff", data=("about", "board", "why"))
COMMENT_HELD_AGAIN = declare("comment.held_again", "comments", "board", "staff", data=("about",))
COMMENT_EDITED = declare("comment.edited", "comments", "board", "staff", data=("about",))
COMMENT_WITHDRAWN = declare("comment.withdrawn", "comments", "board", "staff", data=("about",))
COMMENT_RETURNED = declare("comment.returned", "comments", "board", "staff", data=("about",))
COMMENT_HIDDEN = declare("comment.hidden", "comments", "board", "staff", data=("about",))
COMMENT_SHOWN = declare("comment.shown", "comments", "board", "staff", data=("about",))
