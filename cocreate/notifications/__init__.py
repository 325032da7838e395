"""Telling people what became of what they said: an inbox and mail, by reading the log."""

from flask import Flask

from cocreate.eventlog.record import after_commit
from cocreate.notifications import authors, jobs, queries, web
from cocreate.notifications.concerns import register_concern
from cocreate.people.waiting_queries import register_told, register_waiting


def install(app: Flask) -> None:
    app.register_blueprint(web.blueprint)
    register_waiting("unread", queries.waiting_column)
    after_commit(jobs.wake)
    register_told("inbox", lambda: {"unread": queries.waiting_column()})
    for kind, find in authors.CONCERNS.items():
        register_concern(kind, find)
