"""Telling people what became of what they said: an inbox and mail, by reading the log."""

from flask import Flask

from cocreate.eventlog.record import after_commit
from cocreate.notifications import authors, jobs, web
from cocreate.notifications.concerns import register_concern


def install(app: Flask) -> None:
    app.register_blueprint(web.blueprint)
    app.jinja_env.globals["unread"] = web.unread
    after_commit(jobs.wake)
    for kind, find in authors.CONCERNS.items():
        register_concern(kind, find)
