"""What is typed about a board, parsed."""

from datetime import date
from typing import Annotated, Any, Literal

from flask_babel import gettext as _
from pydantic import AfterValidator, BeforeValidator, Field

from cocreate.boards.kinds import Kind
from cocreate.core.fields import Input, line as line_of_text, place, prose
from cocreate.people.groups import Group
from cocreate.people.inputs import Email, Ticked

State = Literal["open", "deciding", "closed"]


def _slug(text: str) -> str:
    fits = text.replace("-", "").isalnum() and text.isascii() and text == text.lower() and not text.startswith("-") and not text.endswith("-")
    if not fits:
        raise ValueError(_("Use small letters, digits and hyphens, like our-promise."))
    return text


def _parted(typed: Any) -> Any:
    """A line with commas as a list."""
    return [part.strip() for part in typed.split(",") if part.strip()] if isinstance(typed, str) else typed


Slug = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_slug)]
Day = Annotated[date | None, BeforeValidator(lambda value: value or None)]


class NewBoard(Input):
    """Three things typed: the question, what the host tells first, who hosts. Everything else starts from the kind's words."""

    kind: Kind
    question: line_of_text(200) | None = None  # type: ignore[valid-type]
    context: prose(4000, least=0) = ""  # type: ignore[valid-type]
    hosts: Annotated[list[Email], BeforeValidator(_parted)] = []
    title: line_of_text(120) | None = None  # type: ignore[valid-type]
    slug: Slug | None = None
    read_public: Ticked = False
    groups: Annotated[list[Group], Field(min_length=1)] | None = None


class EditWords(Input):
    """A board's own words, each editable in place."""

    title: line_of_text(120) | None = None  # type: ignore[valid-type]
    question: line_of_text(200) | None = None  # type: ignore[valid-type]
    line: line_of_text(80, least=0) | None = None  # type: ignore[valid-type]
    objective: prose(500) | None = None  # type: ignore[valid-type]
    context: prose(4000) | None = None  # type: ignore[valid-type]
    answer_days: Annotated[int, Field(ge=1, le=90)] | None = None
    looking_back: prose(4000) | None = None  # type: ignore[valid-type]


class EditCharter(Input):
    open: line_of_text(500)  # type: ignore[valid-type]
    not_open: line_of_text(500)  # type: ignore[valid-type]
    decides: line_of_text(300)  # type: ignore[valid-type]
    method: line_of_text(500)  # type: ignore[valid-type]
    by: Day = None
    text: prose(10_000, least=0) = ""  # type: ignore[valid-type]


class EditAudience(Input):
    read_public: Ticked = False
    read_groups: list[Group] = []
    part_groups: Annotated[list[Group], Field(min_length=1)]
    safe_dissent: Ticked = False
    hold_first: Ticked = False


class MoveBoard(Input):
    """The next state; coming back from closed or deciding needs a reason."""

    state: State
    reason: prose(1000, least=0) = ""  # type: ignore[valid-type]


class ChangeHost(Input):
    email: Email
    duty: Literal["host", "decider"] = "host"
    wanted: Ticked = True


class TakeDuty(Input):
    """A duty taken from somebody who is listed with it: by number, as not everybody has an address, and hosts need not see it."""

    person: Annotated[int, Field(ge=1, le=2**31 - 1)]
    duty: Literal["host", "decider"]


class ListBoards(Input):
    """A page of the list of boards."""

    cursor: place() = ""  # type: ignore[valid-type]
    limit: Annotated[int, Field(ge=1, le=100)] = 30
