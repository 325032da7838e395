"""What whoever runs the site asks it: whether it can work, and how it does."""

from flask import Flask

from cocreate.operating import web


def install(app: Flask) -> None:
    app.register_blueprint(web.blueprint)
