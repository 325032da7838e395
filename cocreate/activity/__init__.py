"""What happened: the feed over the boards a viewer may read, each board's record, and the same by a call."""

from flask import Flask

from cocreate.activity import api, web

__all__ = ["api"]


def install(app: Flask) -> None:
    app.register_blueprint(web.blueprint)
