"""Telling people soon after something happened."""

import threading

from cocreate.core.jobs import job
from cocreate.eventlog.record import News
from cocreate.notifications.queries import ROOMS
from cocreate.notifications.reading import catch_up

# Set by a commit that may concern somebody, for whoever runs the jobs and would otherwise wait for their next turn.
woken = threading.Event()


@job
def tell_people() -> None:
    woken.clear()
    catch_up()


def wake(news: News) -> None:
    """After a commit: there may be somebody to tell."""
    if any(stream.startswith(ROOMS) for stream in news.streams):
        woken.set()
