"""Who may do what: the rules of product.md and architecture.md as a table, written down before the code is asked.

The board is hosted by Mona; everything on it was said by Emil. Columns in this order; `yes`, or the status of the refusal:
401 sign in first, 403 may read but not do this, 404 is not there for them, 409 right in itself, but not in the state the thing is in.

`open`, `deciding`, `closed`, `draft`: all four groups read and take part. `inside`: open, for management and employees. `outside`: open, for customers and
partners; its host is none of them, and staff reads it. `anyone`: as outside, and anybody may read it.
"""

WHO = ("mona", "emil", "cleo", "piet", "otto", "mira", "ada", "visitor", "organisation")

# fmt: off
BOARD: list[tuple[tuple[str, ...], dict[str, str]]] = [
    (("board.read",), {
        #            Mona Emil Cleo Piet Otto Mira Ada visitor organisation
        "open":     "yes  yes  yes  yes  yes  yes  yes 404     yes",
        "deciding": "yes  yes  yes  yes  yes  yes  yes 404     yes",
        "closed":   "yes  yes  yes  yes  yes  yes  yes 404     yes",
        "draft":    "yes  404  404  404  404  404  yes 404     yes",
        "inside":   "yes  yes  404  404  404  yes  yes 404     yes",
        "outside":  "yes  404  yes  yes  yes  yes  yes 404     yes",
        "anyone":   "yes  yes  yes  yes  yes  yes  yes yes     yes",
    }),
    (("board.edit", "board.move"), {
        #            Mona Emil Cleo Piet Otto Mira Ada visitor organisation
        "open":     "yes  403  403  403  403  403  403 404     yes",
        "deciding": "yes  403  403  403  403  403  403 404     yes",
        "closed":   "yes  403  403  403  403  403  403 404     yes",
        "draft":    "yes  404  404  404  404  404  403 404     yes",
        "inside":   "yes  403  404  404  404  403  403 404     yes",
        "outside":  "yes  404  403  403  403  403  403 404     yes",
        "anyone":   "yes  403  403  403  403  403  403 403     yes",
    }),
    (("board.hosts",), {
        #            Mona Emil Cleo Piet Otto Mira Ada visitor organisation
        "open":     "yes  403  403  403  403  403  yes 404     yes",
        "deciding": "yes  403  403  403  403  403  yes 404     yes",
        "closed":   "yes  403  403  403  403  403  yes 404     yes",
        "draft":    "yes  404  404  404  404  404  yes 404     yes",
        "inside":   "yes  403  404  404  404  403  yes 404     yes",
        "outside":  "yes  404  403  403  403  403  yes 404     yes",
        "anyone":   "yes  403  403  403  403  403  yes 403     yes",
    }),
    # New ideas, words and suggestions: while open, by the groups that take part.
    (("idea.propose", "response.give", "amendment.suggest"), {
        #            Mona Emil Cleo Piet Otto Mira Ada visitor organisation
        "open":     "yes  yes  yes  yes  yes  yes  yes 404     403",
        "deciding": "409  409  409  409  409  409  409 404     403",
        "closed":   "409  409  409  409  409  409  409 404     409",
        "draft":    "409  404  404  404  404  404  409 404     409",
        "inside":   "yes  yes  404  404  404  yes  yes 404     403",
        "outside":  "403  404  yes  yes  yes  403  403 404     403",
        "anyone":   "403  403  yes  yes  yes  403  403 401     403",
    }),
    # Weighing and discussing: while open or deciding. Moderators and administrators vote only if their group takes part.
    (("stance.cast",), {
        #            Mona Emil Cleo Piet Otto Mira Ada visitor organisation
        "open":     "yes  yes  yes  yes  yes  yes  yes 404     403",
        "deciding": "yes  yes  yes  yes  yes  yes  yes 404     403",
        "closed":   "409  409  409  409  409  409  409 404     409",
        "draft":    "409  404  404  404  404  404  409 404     409",
        "inside":   "yes  yes  404  404  404  yes  yes 404     403",
        "outside":  "403  404  yes  yes  yes  403  403 404     403",
        "anyone":   "403  403  yes  yes  yes  403  403 401     403",
    }),
    # A host discusses on any board of theirs, whatever their group.
    (("comment.post",), {
        #            Mona Emil Cleo Piet Otto Mira Ada visitor organisation
        "open":     "yes  yes  yes  yes  yes  yes  yes 404     yes",
        "deciding": "yes  yes  yes  yes  yes  yes  yes 404     yes",
        "closed":   "409  409  409  409  409  409  409 404     409",
        "draft":    "409  404  404  404  404  404  409 404     409",
        "inside":   "yes  yes  404  404  404  yes  yes 404     yes",
        "outside":  "yes  404  yes  yes  yes  403  403 404     yes",
        "anyone":   "yes  403  yes  yes  yes  403  403 401     yes",
    }),
    # One's own words are changed by nobody else, staff and hosts included; where one's group left, by nobody.
    (("comment.edit",), {
        #            Mona Emil Cleo Piet Otto Mira Ada visitor organisation
        "open":     "403  yes  403  403  403  403  403 404     403",
        "deciding": "403  yes  403  403  403  403  403 404     403",
        "closed":   "403  409  403  403  403  403  403 404     403",
        "draft":    "403  404  404  404  404  404  403 404     403",
        "inside":   "403  yes  404  404  404  403  403 404     403",
        "outside":  "403  404  403  403  403  403  403 404     403",
        "anyone":   "403  403  403  403  403  403  403 403     403",
    }),
    (("idea.edit",), {
        #            Mona Emil Cleo Piet Otto Mira Ada visitor organisation
        "open":     "403  yes  403  403  403  403  403 404     403",
        "deciding": "403  yes  403  403  403  403  403 404     403",
        "closed":   "403  409  403  403  403  403  403 404     403",
        "draft":    "403  404  404  404  404  404  403 404     403",
        "inside":   "403  yes  404  404  404  403  403 404     403",
        "outside":  "403  404  403  403  403  403  403 404     403",
        "anyone":   "403  403  403  403  403  403  403 403     403",
    }),
    # Taking back stays open to whoever still reads their own words; a closed board is read only.
    (("idea.withdraw", "comment.withdraw", "response.withdraw", "amendment.withdraw"), {
        #            Mona Emil Cleo Piet Otto Mira Ada visitor organisation
        "open":     "403  yes  403  403  403  403  403 404     403",
        "deciding": "403  yes  403  403  403  403  403 404     403",
        "closed":   "403  409  403  403  403  403  403 404     403",
        "draft":    "403  404  404  404  404  404  403 404     403",
        "inside":   "403  yes  404  404  404  403  403 404     403",
        "outside":  "403  404  403  403  403  403  403 404     403",
        "anyone":   "403  yes  403  403  403  403  403 403     403",
    }),
    # Every idea gets an answer, also after its board closed.
    (("idea.answer", "idea.answer_several", "commitment.settle"), {
        #            Mona Emil Cleo Piet Otto Mira Ada visitor organisation
        "open":     "yes  403  403  403  403  403  403 404     yes",
        "deciding": "yes  403  403  403  403  403  403 404     yes",
        "closed":   "yes  403  403  403  403  403  403 404     yes",
        "draft":    "yes  404  404  404  404  404  403 404     yes",
        "inside":   "yes  403  404  404  404  403  403 404     yes",
        "outside":  "yes  404  403  403  403  403  403 404     yes",
        "anyone":   "yes  403  403  403  403  403  403 403     yes",
    }),
    # What hosts lay out; a closed board takes nothing more.
    (("idea.paste", "commitment.make", "statement.start", "statement.reword"), {
        #            Mona Emil Cleo Piet Otto Mira Ada visitor organisation
        "open":     "yes  403  403  403  403  403  403 404     yes",
        "deciding": "yes  403  403  403  403  403  403 404     yes",
        "closed":   "409  403  403  403  403  403  403 404     409",
        "draft":    "yes  404  404  404  404  404  403 404     yes",
        "inside":   "yes  403  404  404  404  403  403 404     yes",
        "outside":  "yes  404  403  403  403  403  403 404     yes",
        "anyone":   "yes  403  403  403  403  403  403 403     yes",
    }),
    # Deciding: the named deciders, else the hosts; administrators do not decide for them.
    (("amendment.decide", "statement.adopt"), {
        #            Mona Emil Cleo Piet Otto Mira Ada visitor organisation
        "open":     "yes  403  403  403  403  403  403 404     yes",
        "deciding": "yes  403  403  403  403  403  403 404     yes",
        "closed":   "409  403  403  403  403  403  403 404     409",
        "draft":    "409  404  404  404  404  404  403 404     409",
        "inside":   "yes  403  404  404  404  403  403 404     yes",
        "outside":  "yes  404  403  403  403  403  403 404     yes",
        "anyone":   "yes  403  403  403  403  403  403 403     yes",
    }),
    # Curating: hosts, moderators and administrators, on any board they read, in any state; harm does not wait for a board to open again.
    (("idea.curate", "comment.curate", "response.curate", "amendment.curate", "report.settle"), {
        #            Mona Emil Cleo Piet Otto Mira Ada visitor organisation
        "open":     "yes  403  403  403  403  yes  yes 404     yes",
        "deciding": "yes  403  403  403  403  yes  yes 404     yes",
        "closed":   "yes  403  403  403  403  yes  yes 404     yes",
        "draft":    "yes  404  404  404  404  404  yes 404     yes",
        "inside":   "yes  403  404  404  404  yes  yes 404     yes",
        "outside":  "yes  404  403  403  403  yes  yes 404     yes",
        "anyone":   "yes  403  403  403  403  yes  yes 403     yes",
    }),
    # Whoever reads may say that something should be looked at.
    (("report.make",), {
        #            Mona Emil Cleo Piet Otto Mira Ada visitor organisation
        "open":     "yes  yes  yes  yes  yes  yes  yes 404     yes",
        "deciding": "yes  yes  yes  yes  yes  yes  yes 404     yes",
        "closed":   "yes  yes  yes  yes  yes  yes  yes 404     yes",
        "draft":    "yes  404  404  404  404  404  yes 404     yes",
        "inside":   "yes  yes  404  404  404  yes  yes 404     yes",
        "outside":  "yes  404  yes  yes  yes  yes  yes 404     yes",
        "anyone":   "yes  yes  yes  yes  yes  yes  yes 401     yes",
    }),
    # The queue is for who curates at least one board: here Mona, by hosting this one.
    (("queue.see",), {
        #            Mona Emil Cleo Piet Otto Mira Ada visitor organisation
        "open":     "yes  403  403  403  403  yes  yes 401     yes",
        "deciding": "yes  403  403  403  403  yes  yes 401     yes",
        "closed":   "yes  403  403  403  403  yes  yes 401     yes",
        "draft":    "yes  403  403  403  403  yes  yes 401     yes",
        "inside":   "yes  403  403  403  403  yes  yes 401     yes",
        "outside":  "yes  403  403  403  403  yes  yes 401     yes",
        "anyone":   "yes  403  403  403  403  yes  yes 401     yes",
    }),
]

# Rights that are about no board.
SITE: dict[str, str] = {
    #                     Mona Emil Cleo Piet Otto Mira Ada visitor organisation
    "board.make":        "yes  yes  403  403  403  yes  yes 401     yes",
    "people.list":       "403  403  403  403  403  403  yes 403     yes",
    "people.add":        "403  403  403  403  403  403  yes 403     yes",
    "people.change":     "403  403  403  403  403  403  yes 403     yes",  # of Emil
    "people.suspend":    "403  403  403  403  403  403  yes 403     yes",  # of Emil
    "invitation.make":   "403  403  403  403  403  403  yes 403     yes",
    "invitation.take":   "yes  yes  yes  yes  yes  yes  yes yes     yes",  # one that is neither used up, over nor taken back
    "organisation.edit": "403  403  403  403  403  403  yes 403     yes",
    "session.end":       "403  yes  403  403  403  403  yes 403     yes",  # of Emil: an administrator ends a stolen one
    "token.make":        "403  yes  403  403  403  403  403 403     yes",  # for Emil: nobody acts in another's name
}
# fmt: on

# The same person in a case of their own: who, the right, the case, what is expected.
CASES: list[tuple[str, str, str, str]] = [
    ("ada", "people.suspend", "herself", "409"),
    ("mira", "amendment.decide", "named decider", "yes"),
    ("mona", "amendment.decide", "named decider", "403"),
    ("mira", "statement.adopt", "named decider", "yes"),
    ("mona", "statement.adopt", "named decider", "403"),
    ("mira", "board.edit", "named decider", "403"),
    ("ada", "board.edit", "no host", "yes"),
    ("ada", "idea.answer", "no host", "yes"),
    ("mona", "board.edit", "no host", "403"),
    ("cleo", "board.edit", "hosted by a customer", "yes"),
    ("cleo", "idea.answer", "hosted by a customer", "yes"),
    ("mona", "board.edit", "hosted by a customer", "403"),
    ("cleo", "queue.see", "hosted by a customer", "yes"),
    ("ada", "token.make", "herself", "yes"),
    # Where nothing more is added, nobody is sent to sign in for it.
    ("visitor", "idea.propose", "closed, and anybody reads", "409"),
    ("visitor", "stance.cast", "closed, and anybody reads", "409"),
    ("visitor", "comment.post", "closed, and anybody reads", "409"),
    ("visitor", "response.give", "deciding, and anybody reads", "409"),
    ("visitor", "amendment.suggest", "deciding, and anybody reads", "409"),
    ("visitor", "stance.cast", "deciding, and anybody reads", "401"),
    ("visitor", "comment.post", "deciding, and anybody reads", "401"),
    ("emil", "idea.edit", "merged", "409"),
    ("emil", "idea.withdraw", "merged", "409"),
    ("mona", "idea.answer", "merged", "409"),
    ("cleo", "stance.cast", "merged", "409"),
    ("cleo", "comment.post", "merged", "409"),
    ("emil", "idea.edit", "withdrawn", "409"),
    ("cleo", "stance.cast", "withdrawn", "409"),
    ("emil", "idea.edit", "held", "yes"),
    ("cleo", "idea.edit", "held", "404"),
    ("cleo", "stance.cast", "held", "404"),
    ("cleo", "comment.post", "held", "404"),
    ("mona", "idea.answer", "held", "409"),
    ("mira", "idea.curate", "held", "yes"),
    ("cleo", "report.make", "held", "404"),
    ("emil", "amendment.withdraw", "accepted", "409"),
    ("emil", "invitation.take", "used up", "409"),
    ("emil", "invitation.take", "over", "409"),
    ("emil", "invitation.take", "taken back", "409"),
]
