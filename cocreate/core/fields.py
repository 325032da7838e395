"""The fields that inputs are made of: frozen pydantic models whose errors speak to people."""

from typing import Annotated, Any, TypeVar

from flask_babel import gettext as _
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, WithJsonSchema

from cocreate.core.errors import BadInput
from cocreate.core.text import many_lines, one_line

M = TypeVar("M", bound="Input")

FORM = {"form": True}
# For the description of the API: no NUL, and where something must be said, a character that stays when spaces and tricks are taken out.
WHOLE = r"^[^\u0000]*$"
SAYING = r"^[^\u0000]*[^\s\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff][^\u0000]*$"


class Input(BaseModel):
    """Base of all inputs: frozen, and an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


def _whole(text: Any) -> Any:
    """Refuse what a database cannot keep, before its length is counted."""
    if isinstance(text, str) and ("\x00" in text or any(0xD800 <= ord(c) <= 0xDFFF for c in text)):
        raise ValueError("unreadable")
    return text


def _whole_line(text: Any) -> Any:
    """On one line before its length is counted, as a browser sends two characters for the end of a line."""
    return one_line(whole) if isinstance(whole := _whole(text), str) else whole


def _said(text: str) -> str:
    if not text:
        raise ValueError("empty")
    return text


def line(most: int, least: int = 1) -> Any:
    """One line of text of `least` to `most` characters."""
    return _text([BeforeValidator(_whole_line), Field(max_length=most)], most, least)


def prose(most: int, least: int = 1) -> Any:
    """Lines of text of `least` to `most` characters together."""
    return _text([BeforeValidator(_whole), Field(max_length=most), AfterValidator(many_lines)], most, least)


def _text(checks: list[Any], most: int, least: int) -> Any:
    if least:
        return Annotated[str, *checks, AfterValidator(_said), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": most, "pattern": SAYING})]
    return Annotated[str, *checks, WithJsonSchema({"type": "string", "maxLength": most, "pattern": WHOLE})]


def place() -> Any:
    """Where a list goes on: what `next_cursor` was, empty for its start."""
    return Annotated[line(200, least=0), WithJsonSchema({"type": "string", "maxLength": 200, "format": "cursor"})]


def from_form(info: ValidationInfo) -> bool:
    """Whether a value comes from a form or a file, where everything is text; a program says what it means."""
    return info.context is not None


def whole_number(text: str, digits: int = 9) -> int | None:
    """The number that so many digits at most stand for, as an address or a hidden field carries one; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def read_input(model: type[M], values: dict[str, Any]) -> M:
    """`values`, as a form or an address has them, as the model. Raises BadInput naming each field."""
    return _read(model, values, strict=False)


def read_json(model: type[M], values: dict[str, Any]) -> M:
    """The same of what a program sends: nothing is taken for what it is not."""
    return _read(model, values, strict=True)


def _read(model: type[M], values: dict[str, Any], strict: bool) -> M:
    try:
        return model.model_validate(values, strict=strict, context=None if strict else FORM)
    except ValidationError as error:
        found: dict[str, list[str]] = {}
        for problem in error.errors(include_url=False):
            name = str(problem["loc"][0]) if problem["loc"] else "body"
            sentence = _sentence(problem)
            if sentence not in found.setdefault(name, []):
                found[name].append(sentence)
        raise BadInput(found) from None


def _sentence(problem: Any) -> str:
    """A pydantic error in words that say the next step."""
    kind, context = problem["type"], problem.get("ctx") or {}
    cause = str(context.get("error", ""))
    if kind == "missing" or cause == "empty" or (kind == "string_too_short" and context.get("min_length") == 1):
        return _("Write something here.")
    if kind in ("string_too_long", "too_long"):
        return _("Keep it to %(count)s characters.", count=context["max_length"])
    if kind == "extra_forbidden":
        return _("There is no such field.")
    if cause == "unreadable" or kind == "string_unicode":
        return _("This holds a character that cannot be kept. Type it again.")
    if kind in ("literal_error", "enum"):
        return _("Choose one of %(choices)s.", choices=str(context["expected"]).replace("'", ""))
    if kind in ("date_from_datetime_parsing", "date_parsing", "date_type"):
        return _("Give a day, like 2026-12-31.")
    if kind in ("greater_than_equal", "less_than_equal", "int_parsing", "int_type"):
        return _("Give a whole number in range.")
    if kind == "value_error" and cause:
        return cause
    return _("This is not what is expected here.")
