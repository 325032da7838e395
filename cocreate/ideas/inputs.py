"""What is typed about ideas, parsed."""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from flask_babel import gettext as _
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from cocreate.core.fields import Input, from_form, line, place, prose
from cocreate.core.text import pasted_lines
from cocreate.links.inputs import Cites

WORDS = ("title", "body", "gives_people", "gives_organisation")
MOST_PASTED = 50
Sort = Literal["common_ground", "new", "support", "contested"]
State = Literal["shown", "held", "hidden"]
Answered = Literal["considering", "planned", "doing", "done", "declined"]
Status = Literal["open", "considering", "planned", "doing", "done", "declined", "merged", "withdrawn"]


def _tags(value: object, info: ValidationInfo) -> object:
    """Tags from a list, or in a form typed with commas between; each in small letters, once."""
    parts = value.split(",") if isinstance(value, str) and from_form(info) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise ValueError(_("Separate tags with commas."))
    clean = [" ".join(part.lower().split()) for part in parts]
    return list(dict.fromkeys(part for part in clean if part))


TagWord: TypeAlias = line(30)  # type: ignore[valid-type]
Tags: TypeAlias = Annotated[list[TagWord], BeforeValidator(_tags), Field(max_length=5)]


class NewIdea(Input):
    title: line(200)  # type: ignore[valid-type]
    body: prose(10_000, least=0) = ""  # type: ignore[valid-type]
    gives_people: line(300, least=0) = ""  # type: ignore[valid-type]
    gives_organisation: line(300, least=0) = ""  # type: ignore[valid-type]
    tags: Tags = []


class IdeaOnWords(NewIdea):
    """One that stands on people's words."""

    cites: Cites = []


class EditIdea(Input):
    """What is given is changed."""

    title: line(200) | None = None  # type: ignore[valid-type]
    body: prose(10_000, least=0) | None = None  # type: ignore[valid-type]
    gives_people: line(300, least=0) | None = None  # type: ignore[valid-type]
    gives_organisation: line(300, least=0) | None = None  # type: ignore[valid-type]
    tags: Tags | None = None


def _lines(text: str) -> str:
    found = pasted_lines(text)
    if not found:
        raise ValueError("empty")
    if len(found) > MOST_PASTED:
        raise ValueError(_("Paste at most %(count)s lines at a time.", count=MOST_PASTED))
    if any(len(entry) > 200 for entry in found):
        raise ValueError(_("Keep each line under 201 characters."))
    return text


class PastedIdeas(Input):
    """Several lines; each becomes an idea's title."""

    lines: Annotated[prose(20_000), AfterValidator(_lines)]  # type: ignore[valid-type]


class Vote(Input):
    stance: Literal["agree", "disagree", "pass"]


class NewAnswer(Input):
    status: Answered
    body: prose(10_000)  # type: ignore[valid-type]


class Heard(Input):
    """A host heard it and says by when it is decided; without a day, by the board's own time."""

    by: Annotated[date | None, BeforeValidator(lambda value: value or None)] = None


class ListIdeas(Input):
    """A page of the list of ideas."""

    sort: Sort | None = None
    status: list[Status] = []
    tag: list[line(30)] = []  # type: ignore[valid-type]
    q: line(200, least=0) = ""  # type: ignore[valid-type]
    cursor: place() = ""  # type: ignore[valid-type]
    limit: Annotated[int, Field(ge=1, le=100)] = 30
