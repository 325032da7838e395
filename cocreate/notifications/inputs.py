"""What is typed about the inbox, parsed."""

from typing import Annotated

from pydantic import Field

from cocreate.core.fields import Input


class MarkRead(Input):
    """Everything up to this message was seen, from the first or from a later one; what came since was not. `before` is the page to go back to."""

    until: Annotated[int, Field(ge=0, le=2**53)]
    since: Annotated[int, Field(ge=0, le=2**53)] = 0
    before: Annotated[int, Field(ge=0, le=2**53)] = 0


class MailChoice(Input):
    """Whether what is told comes by mail too."""

    mail: bool = False


class AskedInbox(Input):
    """A page of the inbox."""

    before: Annotated[int, Field(ge=0, le=2**53)] = 0
