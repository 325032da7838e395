"""How many SQL statements a page takes: a number that does not grow with what stands on it."""

from typing import Any

import pytest
from flask import Flask

from cocreate.boards.actions import change_host, edit_audience
from cocreate.boards.inputs import ChangeHost, EditAudience
from cocreate.comments.actions import post_comment
from cocreate.comments.inputs import NewComment
from cocreate.commitments.actions import finish_commitment, make_commitment
from cocreate.commitments.inputs import NewCommitment
from cocreate.core.ids import Ref
from cocreate.ideas.actions import answer_ideas, propose_idea
from cocreate.ideas.inputs import NewAnswer, NewIdea
from cocreate.listening.actions import give_response
from cocreate.listening.inputs import NewResponse
from cocreate.people.groups import GROUPS
from cocreate.people.queries import site
from cocreate.people.viewer import Organisation
from cocreate.stances.actions import cast_stance
from cocreate.statements.actions import accept_amendment, suggest_amendment
from cocreate.statements.inputs import Decision, NewAmendment
from cocreate.statements.queries import statements_on
from tests.cast import Cast
from tests.stage import crowd
from tests.stances.test_casting import open_board

KEPT = 4  # on the board's page, while nothing is written: the session, the words, the own stances, what needs a voice
MOST = {"/boards/b": 9, "/ideas/1": 8, "/": 15, "/boards": 8, "/promise": 15}


def _board() -> int:
    """One that everybody may read, take part in, and on which Mona decides."""
    board_id = open_board()
    edit_audience(Organisation(), board_id, EditAudience(read_public=True, part_groups=list(GROUPS)))
    change_host(Organisation(), board_id, ChangeHost(email="mona@example.org", duty="decider"))
    crowd("customer", 3)
    return board_id


def _fill(cast: Cast, board_id: int, times: int) -> None:
    text = statements_on(board_id)[0].id
    for number in range(times):
        said = give_response(cast.piet, board_id, NewResponse(body=f"Line {number}"))
        ref = Ref("idea", propose_idea(cast.cleo, board_id, NewIdea(title=f"Idea {number}"), "", [Ref("response", said)]))
        for person in (cast.emil, cast.cleo, cast.otto):
            cast_stance(person, ref, 1)
            post_comment(person, ref, NewComment(body="Yes"), "<p>Yes</p>")
        kept, _open = (make_commitment(Organisation(), board_id, NewCommitment(text=f"{each} {number}", due=site().today())) for each in ("Promise", "Plan"))
        finish_commitment(Organisation(), kept)
        answer_ideas(Organisation(), [ref.id], NewAnswer(status="planned", body="Soon."), "<p>Soon.</p>")
        sentence = NewAmendment(after=f"We keep promise {number} of {times}.", reason="So they said.", cites=[f"response:{said}"])
        accept_amendment(cast.mona, suggest_amendment(cast.emil, text, sentence), Decision(reason="Yes.", adopt=True))
        propose_idea(cast.piet, board_id, NewIdea(title=f"Links {number}", body="https://one.example/a https://two.example/b"), "")


def _taken(app: Flask, client: Any, query_count: Any, page: str, forgotten: tuple[str, ...]) -> int:
    client.get(page)  # what is kept for a moment, such as the organisation's name, is there
    for name in forgotten:
        app.extensions.pop(name, None)
    with query_count() as statements:
        assert client.get(page).status_code == 200
    return len(statements)


@pytest.mark.parametrize("who", ["visitor", "emil", "mira"])
def test_pages_take_few_statements_however_much_stands_on_them(app: Flask, cast: Cast, client_of: Any, query_count: Any, who: str) -> None:
    board_id = _board()
    client = client_of(getattr(cast, who))
    taken: list[dict[str, int]] = []
    for more in (1, 6):
        _fill(cast, board_id, more)
        counts = {}
        for page in MOST:
            counts[page] = _taken(app, client, query_count, page, ("cocreate_pages", "cocreate_unwritten"))
        taken.append(counts)
    assert taken[0] == taken[1]
    assert {page: count for page, count in taken[1].items() if count > MOST[page]} == {}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # on a server others may write at any moment
def test_the_boards_page_asks_little_while_nothing_is_written(app: Flask, cast: Cast, client_of: Any, query_count: Any) -> None:
    _fill(cast, _board(), 3)
    assert _taken(app, client_of(cast.cleo), query_count, "/boards/b", ("cocreate_pages",)) == KEPT
