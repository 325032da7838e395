"""Boards: one question each, with its charter, its hosts, and who may read and take part."""

from flask import Flask

from cocreate.boards import api, cli, queries, web
from cocreate.eventlog import rooms
from cocreate.eventlog.subjects import register_subject
from cocreate.people.viewer import Anyone

__all__ = ["api"]


def _staff(viewer: Anyone, _number: int) -> bool:
    return viewer.is_staff


def _own(viewer: Anyone, person_id: int) -> bool:
    return viewer.id == person_id


def install(app: Flask) -> None:
    rooms.register_room("board", queries.may_hear_board)
    rooms.register_room("person", _own)
    rooms.register_room(rooms.STAFF, _staff)
    rooms.register_room(rooms.PUBLIC, lambda _viewer, _number: True)
    register_subject("board", queries.find_subjects)
    app.register_blueprint(web.blueprint)
    app.cli.add_command(cli.boards)
