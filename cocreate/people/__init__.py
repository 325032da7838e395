"""People: accounts in their groups, how they come in, and who is asking."""

from flask import Flask

from cocreate.entrypoints import signin
from cocreate.people import api, cli, queries
from cocreate.people.viewer import Visitor

__all__ = ["api"]


def install(app: Flask) -> None:
    signin.register_loaders(queries.viewer_by_session, queries.viewer_by_token, Visitor)
    app.cli.add_command(cli.people)
