"""Search over what people wrote, of whatever kind: each slice keeps the words of its things here, and says which of them lists show."""

from flask import Flask

from cocreate.search import web


def install(app: Flask) -> None:
    app.register_blueprint(web.blueprint)
