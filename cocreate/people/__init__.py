"""People: accounts in their groups, how they come in, and who is asking."""

from flask import Flask

from cocreate.entrypoints import forms, sending, signin
from cocreate.eventlog.subjects import register_subject
from cocreate.people import account_web, admin_web, api, arriving_web, cli, invitations_web, joining_web, mail_web, queries, signin_web, subject_queries
from cocreate.people.viewer import Visitor
from cocreate.people.web import blueprint

__all__ = ["account_web", "admin_web", "api", "invitations_web", "mail_web", "signin_web"]


def install(app: Flask) -> None:
    signin.register_loaders(queries.viewer_by_session, queries.viewer_by_token, Visitor)
    forms.register_keeper(arriving_web.keep)
    sending.register_sender_name(lambda: queries.site().name)
    for kind, find in (
        ("person", subject_queries.find_people),
        ("token", subject_queries.find_tokens),
        ("invitation", subject_queries.find_invitations),
        ("organisation", subject_queries.find_organisations),
    ):
        register_subject(kind, find)
    app.register_blueprint(blueprint)
    app.after_request(arriving_web.note_who_came)
    app.jinja_env.globals.update(site=queries.site, time_left=arriving_web.time_left)
    app.config["SETUP_LINK"] = joining_web.set_up_link(app)
    app.cli.add_command(cli.people)
