"""The words a statement starts with, so that there is something to change. The page says so until somebody does."""

from flask_babel import gettext as _

PROMISE_BOARDS = ("brand",)  # kinds of board that have a statement from their first moment


def promise_title() -> str:
    return _("What you can expect from us")


def promise_words() -> str:
    """Four sentences in two paragraphs."""
    first = _("You can reach someone who listens and who may decide. We tell you what we will do and by when, and if that day moves you hear it from us first.")
    second = _("Where we were wrong, we say so and put it right. What you tell us changes what we do, and we show you where.")
    return f"{first}\n\n{second}"
