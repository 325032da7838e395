"""The people that every test knows: each stands for one place in the house, and Otto for outside of it."""

from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from cocreate.people.actions import add_person
from cocreate.people.inputs import NewPerson
from cocreate.people.queries import viewer_by_email
from cocreate.people.viewer import Organisation, Viewer, Visitor

PLACES = {
    "mona": ("management", "member"),
    "emil": ("employee", "member"),
    "cleo": ("customer", "member"),
    "piet": ("partner", "member"),
    "mira": ("employee", "moderator"),
    "otto": ("customer", "member"),
    "ada": ("management", "admin"),
}


@dataclass(frozen=True)
class Cast:
    """Mona (management), Emil (employee), Cleo (customer), Piet (partner), Mira (moderates), Otto (a customer, on boards without customers the outsider),
    Ada (administers), a visitor, and the organisation itself, who acts for the command line."""

    mona: Viewer
    emil: Viewer
    cleo: Viewer
    piet: Viewer
    mira: Viewer
    otto: Viewer
    ada: Viewer
    visitor: Visitor = field(default_factory=Visitor)
    organisation: Organisation = field(default_factory=Organisation)


def address_of(name: str) -> str:
    return f"{name}@example.org"


def create_cast(app: Flask) -> None:
    """Make the people, through the action that the command line calls too."""
    with app.app_context():
        for name, (group, role) in PLACES.items():
            add_person(Organisation(), NewPerson(email=address_of(name), name=name.capitalize(), group=group, role=role))  # type: ignore[arg-type]


def find_cast() -> Cast:
    """The people as they are in the present database."""
    found = {name: viewer_by_email(address_of(name)) for name in PLACES}
    people: dict[str, Any] = {name: viewer for name, viewer in found.items() if viewer is not None}
    return Cast(**people)
