"""Telling people soon after something happened."""

from cocreate.core import jobs
from cocreate.core.jobs import job
from cocreate.eventlog.record import News
from cocreate.notifications.queries import ROOMS
from cocreate.notifications.reading import catch_up


@job()
def tell_people() -> None:
    catch_up()


def wake(news: News) -> None:
    """After a commit: there may be somebody to tell."""
    if any(stream.startswith(ROOMS) for stream in news.streams):
        jobs.wake()
