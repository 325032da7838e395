"""Ideas and threads: proposed, weighed, answered, merged."""

from flask import Flask

from cocreate.boards.facts import register_fact
from cocreate.eventlog.subjects import register_subject
from cocreate.ideas import api, queries
from cocreate.stances.votables import register_votable

__all__ = ["api"]


def install(_app: Flask) -> None:
    register_votable("idea", queries.load_votable)
    register_subject("idea", queries.find_subjects)
    register_fact("idea_count", queries.count_ideas, 0)
