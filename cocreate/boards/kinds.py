"""The kinds of boards, the states they go through, and the duties people have on them. Pure."""

from typing import Literal

Kind = Literal["brand", "product", "strategy"]
State = Literal["draft", "open", "deciding", "closed"]
KINDS = ("brand", "product", "strategy")
STATES = ("draft", "open", "deciding", "closed")
DUTIES = ("host", "decider")
