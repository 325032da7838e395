"""What is typed in answer to a board's question, parsed."""

from typing import Annotated

from pydantic import Field

from cocreate.core.fields import Input, line, place


class NewResponse(Input):
    """One line. Without `named` nobody who reads it learns whose it is."""

    body: line(500)  # type: ignore[valid-type]
    named: bool = False


class ListResponses(Input):
    """A page of the list of people's words."""

    cursor: place() = ""  # type: ignore[valid-type]
    limit: Annotated[int, Field(ge=1, le=100)] = 30
