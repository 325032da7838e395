"""The only place that asks what time it is, so that a test or the demo's story can move the clock."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_moved: ContextVar[datetime | None] = ContextVar("moved_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC, to the microsecond."""
    return _moved.get() or datetime.now(UTC)


def today(zone: str) -> date:
    """The calendar day in the time zone named `zone`; due dates are days of the site's zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def ticks() -> float:
    """Seconds that never go backwards, for measuring spans; their zero means nothing."""
    return time.monotonic()


def pause(seconds: float) -> None:
    """Wait; cooperative where the process is patched."""
    time.sleep(seconds)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside the block it is `moment` (aware), standing still, for this thread or greenlet only."""
    token = _moved.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)


def days(count: float) -> timedelta:
    return timedelta(days=count)
