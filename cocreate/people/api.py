"""`/me`."""

from typing_extensions import TypedDict

from cocreate.entrypoints.api import call
from cocreate.people.groups import Group, Role
from cocreate.people.viewer import Viewer


class Me(TypedDict):
    """A person as they know themselves."""

    id: int
    name: str
    email: str | None
    group: Group
    role: Role
    team: str | None


@call("GET", "/me", anyone=False)
def me(viewer: Viewer) -> Me:
    """Who is asking."""
    return {"id": viewer.id, "name": viewer.name, "email": viewer.email, "group": viewer.group, "role": viewer.role, "team": viewer.team}
