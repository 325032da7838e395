"""Every kind of event has its sentence, and goes only where somebody hears it."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask, render_template

from cocreate.core.ids import Ref
from cocreate.eventlog.kinds import Kind, all_kinds
from cocreate.eventlog.rooms import may_hear
from cocreate.eventlog.subjects import Subject
from cocreate.eventlog.tail import Entry
from cocreate.people.naming import Named
from tests.cast import Cast

ROOMS = {"board", "person", "staff", "public"}
NASTY = "<img src=x onerror=alert(1)>"
LISTS = {"fields": ["title"], "ideas": [1, 2], "read": ["customer"], "part": ["customer"], "groups": ["customer"]}
WORDS = {"status": "planned", "before": "open", "group": "customer", "role": "member", "duty": "host", "why": "links", "due": "2026-12-01", "now": True}


def entry_of(kind: Kind) -> Entry:
    data: dict[str, Any] = {name: (LISTS | WORDS).get(name, 1) for name in kind.data}
    return Entry(1, "board:1", 1, kind.name, datetime(2026, 11, 23, tzinfo=UTC), 1, Ref(kind.name.partition(".")[0], 1), data)


def test_kinds_go_to_known_rooms(app: Flask, cast: Cast) -> None:
    for kind in all_kinds():
        assert kind.rooms, kind.name
        assert kind.rooms <= ROOMS, kind.name
    assert may_hear(cast.otto, "public")
    assert not may_hear(cast.otto, "staff")
    assert not may_hear(cast.otto, f"person:{cast.cleo.id}")


def test_each_kind_has_a_sentence(app: Flask) -> None:
    """With everybody and everything named, and with nobody and nothing that may be read any more; and as text, never as HTML."""
    wrong = []
    with app.test_request_context():
        for kind in all_kinds():
            for actor, subject in ((Named(NASTY, "customer"), Subject(NASTY, "/somewhere")), (None, None)):
                try:
                    said = render_template(kind.template, entry=entry_of(kind), actor=actor, subject=subject).strip()
                except Exception as error:
                    wrong.append(f"{kind.name}: {kind.template}: {type(error).__name__} {error}")
                    break
                if not said or "<img" in said or "None" in said:
                    wrong.append(f"{kind.name}: {said!r}")
    assert not wrong, "\n".join(["", *wrong])
