"""What was taken back, hidden, or waits to be looked at is not read by others: on no page, in no call, event, list, search, message or mail (S3, S22)."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cocreate.comments.actions import post_comment, withdraw_comment
from cocreate.comments.curation_actions import hide_comment
from cocreate.comments.inputs import NewComment
from cocreate.commitments.actions import make_commitment
from cocreate.commitments.inputs import NewCommitment
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.ideas.actions import edit_idea, propose_idea, withdraw_idea
from cocreate.ideas.curation_actions import hide_idea
from cocreate.ideas.inputs import EditIdea, NewIdea
from cocreate.listening.actions import give_response, withdraw_response
from cocreate.listening.curation_actions import hide_response
from cocreate.listening.inputs import NewResponse
from cocreate.notifications.reading import catch_up
from cocreate.people.queries import site
from cocreate.statements.actions import suggest_amendment, withdraw_amendment
from cocreate.statements.curation_actions import hide_amendment
from cocreate.statements.inputs import NewAmendment
from cocreate.statements.models import Statement
from cocreate.statements.queries import statement_as
from tests.attacks.scene import SECRET, Scene, addresses, on_scene, told
from tests.cast import Cast
from tests.stage import open_board, propose

OTHER = "Zuetzalcoatl"  # as long, and nobody ever said it
LINKS = " https://a.example https://b.example"  # more than one: it waits to be looked at
GONE = {"idea", "amendment", "comment", "response"}
SEARCHES = (
    "/boards/{slug}?q={word}", "/boards/{slug}?status=withdrawn&q={word}", "/boards/{slug}?status=withdrawn&tag={word}",
    "/boards/{slug}/list?status=open&q={word}",
    "/api/v1/boards/{slug}/ideas?q={word}", "/api/v1/boards/{slug}/ideas?status=withdrawn&status=open&q={word}",
    "/api/v1/boards/{slug}/ideas?status=withdrawn&tag={word}", "/boards/{slug}/ideas/similar?q={word}",
    "/statements/{statement}/changes/new?look={word}", "/ideas/{own}?q={word}", "/ideas/{own}/merge?q={word}",
    "/search?q={word}", "/search?kind=idea&q={word}",
)  # fmt: skip


class Said:
    """A board anyone reads, with something of each kind that Emil says there, about his own things and about Otto's."""

    def __init__(self, cast: Cast, slug: str, links: str = "", under: str = "Emil") -> None:
        self.board = open_board(slug, cast.mona, kind="brand", read_public=True)
        statement = db.session.scalars(select(Statement.id).where(Statement.board_id == self.board)).one()
        sentence = statement_as(cast.emil, statement).sentences[0]
        self.own = propose(cast.otto, self.board, "What Otto proposes")
        self.ottos = post_comment(cast.otto, Ref("idea", self.own), NewComment(body="What Otto says"), "<p>What Otto says</p>")
        self.idea = propose_idea(cast.emil, self.board, NewIdea(title=f"{SECRET} first", body=f"{SECRET} body{links}"), f"<p>{SECRET} body</p>")
        edit_idea(cast.emil, self.idea, EditIdea(title=f"{SECRET} idea", gives_people=f"{SECRET} gift", tags=[SECRET]), None)
        words = NewComment(body=f"{SECRET} reply{links}", reply_to=self.ottos)
        self.reply = post_comment(cast.emil, Ref("idea", self.own), words, f"<p>{SECRET} reply</p>")
        self.response = give_response(cast.emil, self.board, NewResponse(body=f"{SECRET} words{links}", named=True))
        cites = [] if links else [f"idea:{self.idea}", f"response:{self.response}"]
        change = NewAmendment(before=sentence, after=f"{SECRET} stands here now.", reason=f"{SECRET} reason{links}")
        self.amendment = suggest_amendment(cast.emil, statement, change)
        suggest_amendment(cast.otto, statement, NewAmendment(before=sentence, after="Otto would say so.", reason="Otto's reason", cites=cites))
        self.under: list[int] = []
        if not links:
            for about in (Ref("idea", self.idea), Ref("amendment", self.amendment)):
                asked = post_comment(cast.otto, about, NewComment(body="Otto asks"), "<p>Otto asks</p>")
                self.under.append(post_comment(cast.emil, about, NewComment(body=f"{under} answers", reply_to=asked), f"<p>{under} answers</p>"))
        promise = make_commitment(cast.mona, self.board, NewCommitment(text="A promise", due=site().today() + timedelta(days=9)))
        ids = {"idea": self.idea, "statement": statement, "amendment": self.amendment, "comment": self.reply, "response": self.response, "commitment": promise}
        self.scene = Scene(slug, ids)

    def take_back(self, cast: Cast) -> None:
        withdraw_idea(cast.emil, self.idea)
        withdraw_amendment(cast.emil, self.amendment)
        withdraw_comment(cast.emil, self.reply)
        withdraw_response(cast.emil, self.response)

    def hide(self, cast: Cast) -> None:
        hide_idea(cast.mira, self.idea)
        hide_amendment(cast.mira, self.amendment)
        hide_comment(cast.mira, self.reply)
        hide_response(cast.mira, self.response)

    def searches(self, word: str) -> list[str]:
        return [path.format(slug=self.scene.slug, statement=self.scene.ids["statement"], own=self.own, word=word) for path in SEARCHES]

    def beside(self) -> list[str]:
        """Pages of what Otto said, which the taken words stood beside."""
        under = [path for id in self.under for path in (f"/comments/{id}", f"/comments/{id}/edit", f"/reports/comment:{id}")]
        return [
            *under,
            f"/ideas/{self.own}",
            f"/ideas/{self.own}/card",
            f"/comments/idea:{self.own}",
            f"/comments/idea:{self.own}/thread",
            f"/comments/{self.ottos}",
        ]


def is_about(scene: Scene, path: str, kinds: set[str]) -> bool:
    """Whether an address is that of something of these kinds, and not of its board or its statement."""
    plural = {"idea": "ideas", "amendment": "amendments", "comment": "comments", "response": "words"}
    return any(f"/{kind}:{scene.ids[kind]}" in path or f"/{plural[kind]}/{scene.ids[kind]}" in path for kind in kinds)


def tells(answer: Any) -> bool:
    return SECRET.lower() in (answer.text + str(answer.headers)).lower()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_others_read_nothing_of_it(app: Flask, cast: Cast, client_of: Any, socket_of: Any, outbox: Any, clock: Any) -> None:
    clock.set(clock.now)  # pages say how long ago something was
    back, away, waiting = Said(cast, "taken-back"), Said(cast, "put-away", under=SECRET), Said(cast, "to-look-at", LINKS)
    emil = client_of(cast.emil)
    assert sum(tells(emil.get(address.path)) for address in on_scene(app, back.scene)) > 15
    assert any(tells(client_of(cast.visitor).get(path)) for path in back.searches(SECRET[:7]))
    back.take_back(cast)
    away.hide(cast)
    catch_up()
    sites = {address.path for address in addresses(app, back.scene)} - {address.path for address in on_scene(app, back.scene)}
    sites -= {"/mail"}  # everybody's mail, on a site that is being tried out
    assert {"/", "/changes", "/inbox", "/promise", "/my-words", "/api/v1/boards"} <= sites
    for outsider in (cast.otto, cast.visitor):
        client = client_of(outsider)
        client.get("/nowhere")  # its session's cookie is set once, by whichever page comes first
        found = []
        for said, kinds in ((back, {"response"}), (away, GONE), (waiting, GONE)):
            for path in [address.path for address in on_scene(app, said.scene)] + said.beside():
                answer = client.get(path)
                found += [f"{path} answers {answer.status_code}"] if tells(answer) or answer.status_code >= 500 else []
                if is_about(said.scene, path, kinds) and answer.status_code != 404:
                    found.append(f"{path} answers {answer.status_code}")
            for asked, never in zip(said.searches(SECRET), said.searches(OTHER), strict=True):
                found += [asked] if told(client.get(asked), SECRET, SECRET.lower()) != told(client.get(never), OTHER, OTHER.lower()) else []
        found += [path for path in sorted(sites) if tells(client.get(path))]
        assert not found, "\n".join(["", *found])
    socket = socket_of(cast.otto)
    for said in (back, away, waiting):
        assert socket.ask("watch", {"board": said.scene.slug, "since": 0})["ok"]
    heard = socket.heard("event")
    assert len(heard) > 20
    assert SECRET not in str(heard)
    mails = outbox("otto@example.org")
    assert mails
    assert SECRET not in str([(mail.subject, mail.body) for mail in mails])
