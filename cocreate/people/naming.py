"""How a person is named in what pages and calls are given. Pure."""

from typing import Any, NamedTuple

from typing_extensions import TypedDict

from cocreate.people.groups import Group


class Named(NamedTuple):
    """A person by name and group."""

    name: str
    group: str


class Who(TypedDict):
    """A person as others read of them."""

    id: int
    name: str
    group: Group


NOBODY = Named("", "")


def who(id: int | None, name: Any, group: Any) -> Who | None:
    """A person as pages and the API name them; None for nobody in particular."""
    return {"id": id, "name": name, "group": group} if id is not None else None
