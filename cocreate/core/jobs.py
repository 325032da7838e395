"""Work beside the requests: registered by slices as functions that look for what is due, run in turn by whoever serves."""

import logging
from collections.abc import Callable

from flask import Flask

from cocreate.core import clock
from cocreate.core.db import db

log = logging.getLogger(__name__)
EVERY = 2.0  # seconds between two looks

_jobs: list[Callable[[], None]] = []
starts: list[Callable[[Flask], object]] = []


def job(function: Callable[[], None]) -> Callable[[], None]:
    """Register a function that does what is due and returns soon; it is safe to repeat, and to run in two processes at once."""
    _jobs.append(function)
    return function


def start_beside(function: Callable[[Flask], object]) -> None:
    """Have `function(app)` started by whoever serves, in a thread of its own that ends with the process."""
    if function not in starts:
        starts.append(function)


def run_due() -> None:
    """Run every job once. One that fails is logged and does not stop the others."""
    for function in _jobs:
        try:
            function()
        except Exception:
            log.exception("job %s failed", function.__name__)


def run_forever(app: Flask, is_over: Callable[[], bool]) -> None:
    """Look again and again until `is_over`; an application context for each look, so that no connection is kept between them."""
    while not is_over():
        with app.app_context():
            run_due()
            db.session.remove()
        clock.pause(EVERY)
