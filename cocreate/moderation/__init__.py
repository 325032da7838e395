"""Curation: one queue of what waits, and what was done about it."""

from flask import Flask

from cocreate.boards import screening
from cocreate.comments.curation_actions import hide_comment, hold_comment, show_comment
from cocreate.ideas.curation_actions import hide_idea, hold_idea, show_idea
from cocreate.listening.curation_actions import hide_response, hold_response, show_response
from cocreate.moderation import changes, counting_queries, web, words_queries
from cocreate.moderation.curatables import Curatable, register_curatable
from cocreate.people.waiting_queries import register_told, register_waiting
from cocreate.statements.curation_actions import hide_amendment, hold_amendment, show_amendment


def install(app: Flask) -> None:
    app.register_blueprint(web.blueprint)
    register_waiting("queued", counting_queries.queued_column)
    register_told("queue", counting_queries.queue_columns, at_once=True)
    screening.register_holder(changes.insert_hold)
    screening.register_releaser(changes.release)
    screening.register_reholder(changes.hold_again)
    register_curatable(Curatable("idea", words_queries.load_ideas, show_idea, hide_idea, hold_idea))
    register_curatable(Curatable("comment", words_queries.load_comments, show_comment, hide_comment, hold_comment))
    register_curatable(Curatable("response", words_queries.load_responses, show_response, hide_response, hold_response))
    register_curatable(Curatable("amendment", words_queries.load_amendments, show_amendment, hide_amendment, hold_amendment))
