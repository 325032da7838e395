"""How a person is named in what pages and calls are given. Pure."""

from typing import Any, NamedTuple


class Named(NamedTuple):
    """A person by name and group."""

    name: str
    group: str


NOBODY = Named("", "")


def who(id: int | None, name: str | None, group: str | None) -> dict[str, Any] | None:
    """A person as pages and the API name them; None for nobody in particular."""
    return {"id": id, "name": name, "group": group} if id is not None else None
