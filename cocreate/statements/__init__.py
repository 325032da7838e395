"""Statements: texts defined together, one sentence at a time."""

from flask import Flask

from cocreate.boards.openings import on_made
from cocreate.comments.commentables import register_commentable
from cocreate.eventlog.subjects import register_subject
from cocreate.search.searchables import register_searchable
from cocreate.stances.votables import register_votable
from cocreate.statements import amendment_queries, api, changes, decision_web, queries, searching_queries, web

__all__ = ["api", "decision_web"]


def install(app: Flask) -> None:
    on_made(changes.lay_out)
    register_votable("amendment", amendment_queries.load_votable, amendment_queries.votables_on_board)
    register_commentable("amendment", amendment_queries.load_commentable, searching_queries.listed_amendments)
    register_searchable(searching_queries.STATEMENTS)
    register_subject("statement", queries.find_statements)
    register_subject("version", queries.find_versions)
    register_subject("amendment", amendment_queries.find_amendments)
    app.register_blueprint(web.blueprint)
