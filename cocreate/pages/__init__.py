"""Pages composed from several slices; they own nothing."""

from flask import Flask

from cocreate.boards.actions import make_open_table
from cocreate.pages import board_web, evidence, home_web, promise_web, why_web
from cocreate.pages.blueprint import blueprint
from cocreate.people.founding import on_founded

__all__ = ["board_web", "home_web", "promise_web", "why_web"]


def install(app: Flask) -> None:
    evidence.install()
    on_founded(make_open_table)
    app.register_blueprint(blueprint)
