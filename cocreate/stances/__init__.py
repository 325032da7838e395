"""Stances on any Ref, and their tallies: counted by group, shown in cells so that nobody is singled out."""

from flask import Flask

from cocreate.boards.facts import register_fact
from cocreate.stances import queries


def install(_app: Flask) -> None:
    register_fact("voice_count", queries.voice_counts, 0)
