"""Work beside the requests: registered by slices as functions that look for what is due, run in turn by whoever serves."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from flask import Flask

from cocreate.core import clock
from cocreate.core.db import let_go

log = logging.getLogger(__name__)
EVERY = 2.0  # seconds between two looks
HOURLY = 3600.0

Work = Callable[[], None]
_jobs: list[tuple[Work, float]] = []
starts: list[Callable[[Flask], object]] = []
ran_at: dict[str, datetime] = {}  # when each job last did what was due, in this process
_failing: dict[str, str] = {}  # how each job failed that has not succeeded since
_woken = threading.Event()


def job(every: float = EVERY) -> Callable[[Work], Work]:
    """Register a function that does what is due and returns soon, at most once in so many seconds; safe to repeat, and to run in two processes at once."""

    def register(function: Work) -> Work:
        _jobs.append((function, every))
        return function

    return register


def start_beside(function: Callable[[Flask], object]) -> None:
    """Have `function(app)` started by whoever serves, in a thread of its own that ends with the process."""
    if function not in starts:
        starts.append(function)


def wake() -> None:
    """There is something to do now; the next look need not be waited for."""
    _woken.set()


def run_due(resting: dict[str, float] | None = None) -> None:
    """Run every job once; with `resting` only those whose time has come, by the ticks noted there. One that fails is logged and does not stop the others."""
    for function, every in _jobs:
        name = f"{function.__module__}.{function.__name__}"
        if resting is not None and every > EVERY:
            if clock.ticks() < resting.get(name, 0.0):
                continue
            resting[name] = clock.ticks() + every
        try:
            function()
            ran_at[name] = clock.now()
            _failing.pop(name, None)
        except Exception as error:
            _write_down(name, error)


def _write_down(name: str, error: Exception) -> None:
    """With its trace once: while the database is away, the same happens every two seconds."""
    how = type(error).__name__
    if _failing.get(name) == how:
        log.error("job %s failed again: %s", name, how)
    else:
        log.error("job %s failed", name, exc_info=error)
    _failing[name] = how


def run_forever(app: Flask, is_over: Callable[[], bool]) -> None:
    """Look again and again until `is_over`; an application context for each look, so that no connection is kept between them."""
    resting: dict[str, float] = {}
    while not is_over():
        with app.app_context():
            run_due(resting)
            let_go()
        _woken.wait(EVERY)
        _woken.clear()
