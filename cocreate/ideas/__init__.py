"""Ideas and threads: proposed, weighed, answered, merged."""

from flask import Flask

from cocreate.boards.facts import register_fact
from cocreate.comments.commentables import register_commentable
from cocreate.eventlog.subjects import register_subject
from cocreate.ideas import answer_web, api, changes, queries, searching_queries, web
from cocreate.search.searchables import register_searchable
from cocreate.stances.votables import register_votable

__all__ = ["answer_web", "api"]


def install(app: Flask) -> None:
    register_votable("idea", queries.load_votable, queries.votables_on_board)
    register_commentable("idea", queries.load_commentable, searching_queries.listed_ideas, changes.count_comment)
    register_subject("idea", queries.find_subjects)
    register_searchable(searching_queries.IDEAS)
    register_searchable(searching_queries.ANSWERS)
    register_fact("idea_count", queries.count_ideas, 0)
    app.register_blueprint(web.blueprint)
