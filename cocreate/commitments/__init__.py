"""Promises with an owner and a date, about any Ref."""

from flask import Flask

from cocreate.boards.facts import register_fact
from cocreate.commitments import queries, web
from cocreate.eventlog.subjects import register_subject


def install(app: Flask) -> None:
    app.register_blueprint(web.blueprint)
    register_subject("commitment", queries.find_subjects)
    register_fact("commitments", queries.commitments_fact, [])
