"""What is typed as a comment, parsed."""

from typing import Annotated

from pydantic import Field

from cocreate.core.fields import Input, place, prose


class NewComment(Input):
    """A comment, or a reply to one."""

    body: prose(5_000)  # type: ignore[valid-type]
    reply_to: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class EditComment(Input):
    body: prose(5_000)  # type: ignore[valid-type]


class ListComments(Input):
    """A page of the list of comments."""

    cursor: place() = ""  # type: ignore[valid-type]
    limit: Annotated[int, Field(ge=1, le=100)] = 30
