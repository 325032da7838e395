"""What whoever runs the site asks it: whether it can work, and how it does."""

from flask import Flask

from cocreate.operating import jobs, web

__all__ = ["jobs"]


def install(app: Flask) -> None:
    app.register_blueprint(web.blueprint)
    app.after_request(web.count)
