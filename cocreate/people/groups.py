"""The four groups and the two sides they stand on. Keys are stable; what they are called on screen belongs to the organisation."""

from typing import Literal

Group = Literal["management", "employee", "customer", "partner"]
Role = Literal["member", "moderator", "admin"]

GROUPS: tuple[Group, ...] = ("management", "employee", "customer", "partner")
INSIDE: tuple[Group, ...] = ("management", "employee")
OUTSIDE: tuple[Group, ...] = ("customer", "partner")
ROLES: tuple[Role, ...] = ("member", "moderator", "admin")
NAMED_FROM = 3  # a group smaller than this is not named beside unnamed words: it would name the person


def in_order(groups: object) -> list[Group]:
    """The groups of a collection in the order in which they are always shown."""
    return [group for group in GROUPS if group in groups]  # type: ignore[operator]
