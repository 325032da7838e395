"""What people are told, in a sentence each: the same in the inbox and by mail."""

from datetime import date
from typing import Any

from flask_babel import format_date, gettext as _

from cocreate.core.text import cut

LABEL = 90  # characters of a title within a sentence


def sentence(why: str, who: str, what: str, data: dict[str, Any]) -> str:
    """Plain text, told to the person concerned: "Mona answered your idea …". `what` may be empty where the thing has no words of its own."""
    values = {"who": who or _("Somebody"), "what": cut(what, LABEL)}
    say = {
        "idea.answered": _idea_answered,
        "idea.heard": _idea_heard,
    }.get(why)
    return say(values, data) if say else _plain(why) % values


def _idea_answered(values: dict[str, str], data: dict[str, Any]) -> str:
    status = {
        "considering": _("%(who)s answered “%(what)s”, which you proposed: it is being considered."),
        "planned": _("%(who)s answered “%(what)s”, which you proposed: it is planned."),
        "doing": _("%(who)s answered “%(what)s”, which you proposed: it is being done."),
        "done": _("%(who)s answered “%(what)s”, which you proposed: it is done."),
        "declined": _("%(who)s answered “%(what)s”, which you proposed: it is declined, with the reason."),
    }
    return status[data["status"]] % values


def _idea_heard(values: dict[str, str], data: dict[str, Any]) -> str:
    day = format_date(date.fromisoformat(data["due"]), "long")
    return _("%(who)s heard “%(what)s”, which you proposed, and decides by %(day)s.") % {**values, "day": day}


def _plain(why: str) -> str:
    return {
        "idea.unanswered": _("%(who)s took the answer to “%(what)s”, which you proposed, back: it stands as it did before."),
        "idea.merged": _("%(who)s joined “%(what)s”, which you proposed, with another idea. It lives on there."),
        "idea.unmerged": _("“%(what)s”, which you proposed, stands on its own again."),
        "idea.hidden": _("“%(what)s”, which you proposed, is hidden: only you, hosts and moderators see it."),
        "idea.shown": _("“%(what)s”, which you proposed, is shown again."),
        "comment.posted": _("%(who)s wrote about “%(what)s”, which is yours."),
        "comment.reply": _("%(who)s replied to you about “%(what)s”."),
        "comment.hidden": _("A comment of yours is hidden: only you, hosts and moderators see it."),
        "comment.shown": _("A comment of yours is shown again."),
        "response.hidden": _("Something you said is hidden: only you, hosts and moderators see it."),
        "response.shown": _("Something you said is shown again."),
        "words.taken_up": _("%(who)s built on your words: “%(what)s”."),
        "words.cited": _("Your words are in it: %(who)s accepted a change of “%(what)s” that stands on them."),
        "amendment.accepted": _("%(who)s accepted the change you suggested. It is part of “%(what)s” now."),
        "amendment.declined": _("%(who)s declined the change you suggested to “%(what)s”, with the reason."),
        "amendment.reopened": _("The change you suggested to “%(what)s” is open again."),
        "amendment.hidden": _("The change you suggested to “%(what)s” is hidden: only you, hosts and moderators see it."),
        "amendment.shown": _("The change you suggested to “%(what)s” is shown again."),
    }[why]
