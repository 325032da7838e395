"""Telling the other processes, through the database, who is here."""

from cocreate.core import clock
from cocreate.core.jobs import job
from cocreate.live import presence
from cocreate.live.actions import note_presence
from cocreate.live.queries import Here

AGAIN = 8.0  # seconds after which the same is said again, so that it stays fresh

_said: dict[int, Here] = {}
_said_at: list[float] = [0.0]


@job()
def say_who_is_here() -> None:
    """Where it changed, or was said a while ago."""
    here = presence.here_now()
    if here == _said and (not here or clock.ticks() < _said_at[0] + AGAIN):
        return
    note_presence(presence.process(), here)
    _said.clear()
    _said.update(here)
    _said_at[0] = clock.ticks()
