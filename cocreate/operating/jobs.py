"""Noting again and again how this process does, for whichever is asked."""

from cocreate.core.jobs import job
from cocreate.operating import metrics


@job()
def note_state() -> None:
    metrics.note_state()
