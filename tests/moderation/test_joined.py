"""What was joined or taken back, as those see it who come by an old link or by the queue."""

from typing import Any

import pytest

from cocreate.core.errors import Conflict
from cocreate.ideas.actions import return_idea, withdraw_idea
from cocreate.ideas.curation_actions import hide_idea, merge_idea, show_idea
from cocreate.ideas.queries import idea_as
from tests.cast import Cast
from tests.stage import open_board, propose


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_report_of_what_was_joined_says_where_it_went(cast: Cast, client_of: Any, one_event: Any) -> None:
    board = open_board("fast", cast.mona)
    one, other = propose(cast.cleo, board, "Open early"), propose(cast.emil, board, "Open at seven")
    merge_idea(cast.mira, one, other)
    cleo = client_of(cast.cleo)
    asked = cleo.get(f"/reports/idea:{one}")
    assert asked.status_code == 200
    assert f'<a href="/ideas/{one}">Go on there</a>' in asked.text
    assert f'href="/ideas/{other}">Go on there' in cleo.get(f"/ideas/{one}").text
    with one_event():
        sent = cleo.post(f"/reports/idea:{one}", data={"reason": "Rude"})
    assert sent.status_code == 409
    assert "This idea was joined with another one. Go on there." in sent.text


def test_taking_back_what_is_hidden_does_not_undo_the_hosts_decision(cast: Cast, client_of: Any, one_event: Any) -> None:
    """One's own words can be taken back out of sight too. The record keeps both; brought back, it is hidden still, until a host shows it."""
    idea = propose(cast.cleo, open_board("fast", cast.mona), "A hard word")
    hide_idea(cast.mona, idea)
    with one_event("idea.withdrawn"):
        withdraw_idea(cast.cleo, idea)
    with one_event(), pytest.raises(Conflict, match="taken back by the one who proposed it"):
        show_idea(cast.mona, idea)
    sent = client_of(cast.mona).post(f"/curated/idea:{idea}/shown")
    assert sent.status_code == 409
    assert "This idea was taken back by the one who proposed it." in sent.text
    with one_event("idea.returned"):
        return_idea(cast.cleo, idea)
    assert (idea_as(cast.mona, idea).state, idea_as(cast.mona, idea).title) == ("hidden", "A hard word")
    assert client_of(cast.emil).get(f"/ideas/{idea}").status_code == 404
    with one_event("idea.shown"):
        show_idea(cast.mona, idea)
    assert idea_as(cast.emil, idea).title == "A hard word"
