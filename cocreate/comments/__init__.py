"""Comments on any Ref, one level deep."""

from flask import Flask

from cocreate.comments import api, queries, searching_queries, web
from cocreate.eventlog.subjects import register_subject
from cocreate.search.searchables import register_searchable

__all__ = ["api"]


def install(app: Flask) -> None:
    app.register_blueprint(web.blueprint)
    register_subject("comment", queries.find_subjects)
    register_searchable(searching_queries.COMMENTS)
