"""The mail about what is told: one for each person and run, plain text, with where to look and how to change what comes."""

from collections.abc import Iterable
from typing import NamedTuple

from flask_babel import gettext as _, ngettext

from cocreate.core.text import cut
from cocreate.notifications.actions import Letter

SUBJECT = 120  # characters


class Line(NamedTuple):
    """One thing told by mail: its sentence, and the path of the page it leads to."""

    text: str
    path: str


def letter(address: str, name: str, lines: Iterable[Line], site_name: str, base_url: str) -> Letter:
    """The one mail about these lines."""
    lines = list(lines)
    many = ngettext("%(num)d thing came of what you said", "%(num)d things came of what you said", len(lines))
    subject = cut(lines[0].text if len(lines) == 1 else many, SUBJECT)
    told = "\n\n".join(f"{line.text}\n{base_url}{line.path}" for line in lines)
    why = _("This is about something you wrote at %(site)s. To choose what comes by mail:", site=site_name)
    return Letter(address, subject, f"{_('Hello %(name)s,', name=name)}\n\n{told}\n\n-- \n{why}\n{base_url}/inbox/settings\n")
