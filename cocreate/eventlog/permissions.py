"""The registry of rights. A permission is asked inside an action, of the actor and the subject as they are in the write transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cocreate.core.errors import Failure

_permissions: dict[str, "Permission"] = {}


@dataclass(frozen=True)
class Permission:
    """A right named `noun.verb`. `refusal(actor, subject)` is pure: None for yes, else the Failure that says why not."""

    name: str
    refusal: Callable[[Any, Any], Failure | None]


def permission(name: str, refusal: Callable[[Any, Any], Failure | None]) -> Permission:
    """Declare a right; twice under one name is an error of ours."""
    if name in _permissions:
        raise ValueError(f"permission {name} is declared twice")
    _permissions[name] = Permission(name, refusal)
    return _permissions[name]


def require(right: Permission, actor: Any, subject: Any) -> None:
    """Raise the Failure that says why the actor may not."""
    refusal = right.refusal(actor, subject)
    if refusal is not None:
        raise refusal


def may(right: Permission, viewer: Any, subject: Any) -> bool:
    """The same question for a page that shows or leaves out a button."""
    return right.refusal(viewer, subject) is None


def all_permissions() -> list[Permission]:
    return sorted(_permissions.values(), key=lambda right: right.name)
