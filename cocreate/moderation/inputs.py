"""What is typed while reporting and curating, parsed."""

from typing import Annotated

from pydantic import Field

from cocreate.core.fields import Input, prose


class NewReport(Input):
    """Why something should be looked at; it may be left open."""

    reason: prose(500, least=0) = ""  # type: ignore[valid-type]


class MergeChoice(Input):
    """The idea that stays, and where to go on afterwards."""

    into: Annotated[int, Field(ge=1, le=2**53)]
    back: str = ""
