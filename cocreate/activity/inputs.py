"""What is asked of the log, parsed."""

from typing import Annotated

from pydantic import Field

from cocreate.core.fields import Input, line


class Since(Input):
    """A page of a board's events, after a number."""

    since: Annotated[int, Field(ge=0, le=2**53)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class Asked(Input):
    """A page of what changed, of all boards or of one."""

    board: line(60, least=0) = ""  # type: ignore[valid-type]
    cursor: line(200, least=0) = ""  # type: ignore[valid-type]
