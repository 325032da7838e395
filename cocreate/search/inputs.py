"""What is searched for, parsed."""

from typing import Annotated

from pydantic import Field

from cocreate.core.fields import Input, line


class Search(Input):
    """A page of what is found; `kind` leaves out the others."""

    q: line(200, least=0) = ""  # type: ignore[valid-type]
    kind: line(20, least=0) = ""  # type: ignore[valid-type]
    cursor: line(200, least=0) = ""  # type: ignore[valid-type]
    limit: Annotated[int, Field(ge=1, le=100)] = 30
