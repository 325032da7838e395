"""Listening: people's own words, as the evidence for everything else."""

from flask import Flask

from cocreate.eventlog.subjects import register_subject
from cocreate.listening import api, queries, web

__all__ = ["api"]


def install(app: Flask) -> None:
    app.register_blueprint(web.blueprint)
    register_subject("response", queries.find_subjects)
