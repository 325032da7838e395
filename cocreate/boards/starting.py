"""The words a board starts with, by kind, so that it opens with three things typed. Each says so on the page until somebody edits it."""

from dataclasses import dataclass

from flask_babel import gettext as _

OPEN_TABLE = "open-table"


@dataclass(frozen=True)
class StartingWords:
    """Sentences that work, for one kind of board."""

    question: str
    line: str
    objective: str
    open: str
    not_open: str
    decides: str
    method: str


def starting_words(kind: str) -> StartingWords:
    """The words for `brand`, `product` or `strategy`."""
    return _WORDS[kind]()


def _brand() -> StartingWords:
    return StartingWords(
        question=_("What should people be able to expect from us, always?"),
        line=_("I come back because"),
        objective=_("Inside and outside, people say the same when asked what to expect from us."),
        open=_("Every sentence of what we promise"),
        not_open=_("Prices, and what the law asks of us"),
        decides=_("The hosts, by name and with reasons"),
        method=_("Every group weighs each change; the hosts accept or decline it, signed."),
    )


def _product() -> StartingWords:
    return StartingWords(
        question=_("What are you trying to get done that we could make easier?"),
        line=_("It would help me most if"),
        objective=_("People find their own needs in what we make, and see that they shaped it."),
        open=_("What we make and how it works"),
        not_open=_("What others make for us"),
        decides=_("The hosts, by name and with reasons"),
        method=_("Where groups agree we plan first; every idea gets an answer with a reason."),
    )


def _strategy() -> StartingWords:
    return StartingWords(
        question=_("What opportunity or danger do you see that our plans do not?"),
        line=_("I would start with"),
        objective=_("Who carries a decision had a part in it, and trusts how it was made."),
        open=_("What we do next, and what we stop"),
        not_open=_("Decisions about single people"),
        decides=_("The hosts, by name and with reasons"),
        method=_("Every group is heard; results show only when nobody can be singled out by them."),
    )


_WORDS = {"brand": _brand, "product": _product, "strategy": _strategy}


def open_table_words() -> tuple[str, str, str]:
    """(title, question, line) of the board that exists from the first day."""
    return _("The open table"), _("What could we do differently, together?"), _("I wish we would")
