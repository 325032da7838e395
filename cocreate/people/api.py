"""`/me`."""

from typing import Any

from flask_babel import gettext as _

from cocreate.core.errors import NotSignedIn
from cocreate.entrypoints.api import call
from cocreate.people.viewer import Anyone


@call("GET", "/me")
def me(viewer: Anyone) -> dict[str, Any]:
    """Who is asking."""
    if not viewer.is_authenticated:
        raise NotSignedIn(_("Send a token: Authorization: Bearer …"))
    return {name: getattr(viewer, name) for name in ("id", "name", "email", "group", "role", "team")}
