"""A board with one of everything on it, and every address of the site filled in for it. A route with a part that nobody knows here fails the test that asks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from cocreate.boards.actions import edit_words
from cocreate.boards.inputs import EditWords
from cocreate.comments.actions import post_comment
from cocreate.comments.inputs import NewComment
from cocreate.commitments.actions import make_commitment
from cocreate.commitments.inputs import NewCommitment
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.ideas.actions import edit_idea
from cocreate.ideas.inputs import EditIdea
from cocreate.listening.actions import give_response
from cocreate.listening.inputs import NewResponse
from cocreate.people.queries import site
from cocreate.people.viewer import Viewer
from cocreate.statements.actions import suggest_amendment
from cocreate.statements.inputs import NewAmendment
from cocreate.statements.models import Statement
from cocreate.statements.queries import statement_as
from tests.stage import open_board, propose, rows_of

SECRET = "Quetzalcoatl"  # stands in everything that is said on the scene's board
KINDS = ("idea", "statement", "amendment", "comment", "response", "commitment")
SITE_PARTS: dict[str, Any] = {
    "person_id": 2, "session_id": 1, "token_id": 1, "invitation_id": 1, "token": "a" * 43, "name": "cleo", "version": "0", "answer_id": 1,
}  # fmt: skip
NOT_PAGES = ("web.static_file", "static")
OWN_NAMES = frozenset({"X-Request-Id", "Date", "Content-Length"})  # headers that differ from answer to answer
MOVING = frozenset({"visits", "sessions"})  # tables that looking at a page may touch: when somebody came, and that a session is in use


class Address(NamedTuple):
    """One address by one method."""

    method: str
    endpoint: str
    path: str


@dataclass(frozen=True)
class Scene:
    """What stands on the board, by the name that addresses give it."""

    slug: str
    ids: dict[str, int]

    @property
    def parts(self) -> dict[str, Any]:
        return {"slug": self.slug, "field": "title", **{f"{kind}_id": id for kind, id in self.ids.items()}}

    @property
    def refs(self) -> list[str]:
        return [f"{kind}:{id}" for kind, id in self.ids.items()]

    @property
    def nowhere(self) -> "Scene":
        """The same addresses of things that never were; as long, so that answers can be compared byte by byte."""
        return Scene("z" * len(self.slug), {kind: int("9" * 8 + str(id)) for kind, id in self.ids.items()})


def lay_scene(
    host: Viewer, author: Viewer, slug: str = "inner-circle", groups: tuple[str, ...] = ("management", "employee"), read_public: bool = False
) -> Scene:
    """A brand board of the host with words of the author; others are outside."""
    board_id = open_board(slug, host, groups, kind="brand", read_public=read_public)
    edit_words(host, board_id, EditWords(title=f"{SECRET} board", context=f"{SECRET} told first"))
    idea = propose(author, board_id, f"{SECRET} first", f"{SECRET} body")
    edit_idea(author, idea, EditIdea(title=f"{SECRET} idea"), None)
    statement = db.session.scalars(select(Statement.id).where(Statement.board_id == board_id)).one()
    sentence = statement_as(author, statement).sentences[0]
    change = NewAmendment(before=sentence, after=f"{SECRET} stands here now.", reason=f"{SECRET} reason")
    due = site().today() + timedelta(days=9)
    ids = {
        "idea": idea,
        "statement": statement,
        "amendment": suggest_amendment(author, statement, change),
        "comment": post_comment(author, Ref("idea", idea), NewComment(body=f"{SECRET} comment"), f"<p>{SECRET} comment</p>"),
        "response": give_response(author, board_id, NewResponse(body=f"{SECRET} words")),
        "commitment": make_commitment(host, board_id, NewCommitment(text=f"{SECRET} promise", due=due)),
    }
    return Scene(slug, ids)


def addresses(app: Flask, scene: Scene, methods: tuple[str, ...] = ("GET",)) -> list[Address]:
    """Every address of the site by these methods, with what is on the scene wherever an address has parts."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in NOT_PAGES]
    return [found for rule in rules for method in methods if method in (rule.methods or ()) for found in _filled(app, rule, method, scene)]


def on_scene(app: Flask, scene: Scene, methods: tuple[str, ...] = ("GET",)) -> list[Address]:
    """Those of the addresses that name something of the scene."""
    named = {*scene.parts, "ref"} - {"field"}
    about = {rule.endpoint for rule in app.url_map.iter_rules() if rule.arguments & named}
    return [found for found in addresses(app, scene, methods) if found.endpoint in about]


def _filled(app: Flask, rule: Rule, method: str, scene: Scene) -> Iterator[Address]:
    build = app.url_map.bind("localhost").build
    known = {**SITE_PARTS, **scene.parts, "state": "hidden"}
    unknown = rule.arguments - set(known) - {"ref"}
    assert not unknown, f"tests/attacks/scene.py does not know what {rule.rule} is about: {sorted(unknown)}"
    for ref in scene.refs if "ref" in rule.arguments else [""]:
        values = {name: ref if name == "ref" else known[name] for name in rule.arguments}
        yield Address(method, rule.endpoint, build(rule.endpoint, values, method=method))


def everything(but: frozenset[str] = MOVING) -> dict[str, str]:
    """A hash of each table."""
    return {name: rows_of(name) for name in db.metadata.tables if name not in but}


def told(answer: Any, *asked: str) -> tuple[int, dict[str, str], str]:
    """All that an answer says, without what was asked for."""
    text = answer.text
    for each in asked:
        for form in (each, quote(each, safe=""), quote(each, safe="/")):
            text = text.replace(form, "ASKED")
    text = re.sub(r'"(\.?[\w-]+\.[\w-]{6}\.[\w-]{27}|[\w-]{43})"', '"TOKEN"', text)  # a form's token tells the second it was made, its key is made for it alone
    text = re.sub(r'data-(idle|ends)-in="\d+"', "SECONDS", text)  # how long a moderator's session goes on
    return answer.status_code, {name: value for name, value in answer.headers.items() if name not in OWN_NAMES}, text
