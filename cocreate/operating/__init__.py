"""What whoever runs the site asks it: whether it can work, and how it does."""

from flask import Flask

from cocreate.entrypoints import requestlog
from cocreate.operating import jobs, metrics, web

__all__ = ["jobs"]


def install(app: Flask) -> None:
    app.register_blueprint(web.blueprint)
    requestlog.on_answered(metrics.count_request)
