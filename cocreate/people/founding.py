"""The registry of what is laid out on the day a site is founded. Pure; higher slices add to it."""

from collections.abc import Callable

from cocreate.people.viewer import Actor

_steps: list[Callable[[Actor], object]] = []


def on_founded(step: Callable[[Actor], object]) -> None:
    """Have `step(administrator)` done, as actions of its own, once the organisation and its first administrator are there. It is safe to repeat."""
    if step not in _steps:
        _steps.append(step)


def lay_out(actor: Actor) -> None:
    for step in _steps:
        step(actor)
