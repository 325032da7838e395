"""What is typed as a promise, parsed."""

from datetime import date

from cocreate.core.fields import Input, line
from cocreate.people.inputs import Email


class NewCommitment(Input):
    """What, by when, and who answers for it; without an address, whoever makes it."""

    text: line(300)  # type: ignore[valid-type]
    due: date
    owner: Email | None = None
