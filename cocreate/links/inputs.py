"""What is typed about words that are cited, parsed."""

from typing import Annotated, TypeAlias

from flask_babel import gettext as _
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from cocreate.core.errors import NotFound
from cocreate.core.ids import parse_ref

MOST_CITED = 12
AS_JSON = {"anyOf": [{"type": "string", "pattern": r"^([a-z_]{1,20}:)?[1-9][0-9]{0,8}$"}, {"type": "integer", "minimum": 1, "maximum": 999_999_999}]}


def _cite(value: object) -> object:
    """A Ref as text; a bare number is a response's."""
    if isinstance(value, bool):
        raise ValueError(_("Name each as response:12."))
    return f"response:{value}" if isinstance(value, int) or (isinstance(value, str) and value.isascii() and value.isdigit()) else value


def _known(text: str) -> str:
    try:
        return str(parse_ref(text))
    except NotFound:
        raise ValueError(_("Name each as response:12.")) from None


Cite = Annotated[str, BeforeValidator(_cite), Field(max_length=40), AfterValidator(_known), WithJsonSchema(AS_JSON)]
Cites: TypeAlias = Annotated[list[Cite], Field(max_length=MOST_CITED)]
