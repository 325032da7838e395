"""The kinds of boards, the states they go through, and the duties people have on them. Pure."""

KINDS = ("brand", "product", "strategy")
STATES = ("draft", "open", "deciding", "closed")
DUTIES = ("host", "decider")
