"""Stances on any Ref, and their tallies: counted by group, shown in cells so that nobody is singled out."""

from flask import Flask

from cocreate.boards.facts import register_fact
from cocreate.boards.openings import on_audience
from cocreate.stances import changes, queries, web


def install(app: Flask) -> None:
    register_fact("voice_count", queries.voice_counts, 0)
    on_audience(changes.renew_board)
    app.register_blueprint(web.blueprint)
