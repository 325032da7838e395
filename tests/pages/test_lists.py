"""Lists keep what was asked of them: filters, orders and pages; and one idea at a time goes round."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from cocreate.core.ids import Ref
from cocreate.ideas.actions import propose_idea, withdraw_idea
from cocreate.ideas.inputs import NewIdea
from cocreate.stances.actions import cast_stance
from tests.cast import Cast
from tests.stage import open_board, propose

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
BOARD = "/boards/lists"


def addresses(text: str, found: str) -> list[str]:
    return [unescape(address) for address in re.findall(found, text)]


def titles(text: str) -> list[str]:
    return [unescape(title) for title in re.findall(r'<h3><a href="/ideas/\d+">(.+?)</a>', text)]


def test_a_filter_outlives_a_page_and_a_refresh(app: Flask, cast: Cast, client_of: Callable[..., Any]) -> None:
    board_id = open_board("lists")
    for number in range(22):
        propose_idea(cast.emil, board_id, NewIdea(title=f"Service {number}", tags=["till", "north & south"]), "")
        propose(cast.emil, board_id, f"Service without tags {number}")
    client = client_of(cast.cleo)
    first = client.get(f"{BOARD}?tag=till&tag=north+%26+south&status=open&q=service&sort=new")
    wanted = [f"Service {number}" for number in reversed(range(22))]
    assert titles(first.text) == wanted[:20]
    part = addresses(first.text, r'id="idea-list" data-part="(.+?)"')[0]
    assert titles(client.get(part).text) == wanted[:20]
    more = addresses(first.text, r'<p class="pager"><a class="button" href="(.+?)"')[0]
    second = client.get(more)
    assert titles(second.text) == wanted[20:]
    assert "data-new-kind" in first.text
    assert "data-new-kind" not in second.text
    assert titles(client.get(addresses(second.text, r'id="idea-list" data-part="(.+?)"')[0]).text) == wanted[20:]
    other_order = addresses(first.text, r'<a href="([^"]+sort=support[^"]*)"')[0]
    assert set(titles(client.get(other_order).text)) <= set(wanted)
    assert '<input type="hidden" name="tag" value="north &amp; south">' in first.text


def test_another_one_is_another_one_and_goes_round(app: Flask, cast: Cast, client_of: Callable[..., Any]) -> None:
    board_id = open_board("lists")
    ids = [propose(cast.emil, board_id, title) for title in ("One", "Two", "Three")]
    client = client_of(cast.cleo)

    def another(text: str) -> tuple[str, str]:
        """Where the link leads without a script, and with one."""
        link = re.search(r'<a class="button plain small" href="(.+?)" data-from="(.+?)"', text)
        assert link is not None
        return unescape(link[1]), unescape(link[2])

    def one(text: str) -> str:
        found = re.search(r'class="change one-idea">\s*<h3><a href="/ideas/(\d+)"', text)
        assert found is not None
        return found[1]

    page, seen = client.get(BOARD).text, []
    for _ in range(4):
        seen.append(int(one(page)))
        plain, part = another(page)
        assert urlsplit(plain).path == BOARD
        page = client.get(plain).text
        assert one(client.get(part).text) == one(page)
        assert "<html" in page
    assert seen == [*ids, ids[0]]
    cast_stance(cast.cleo, Ref("idea", ids[1]), 1)
    assert one(client.get(f"{BOARD}?after={ids[1]}").text) == str(ids[0])
    assert one(client.get(f"{BOARD}?after={ids[0]}").text) == str(ids[2])
    # The one that stands there stays when one's own voice is in, until it is gone.
    assert 'aria-pressed="true"' in client.get(f"{BOARD}/next/{ids[1]}").text
    withdraw_idea(cast.emil, ids[1])
    assert client.get(f"{BOARD}/next/{ids[1]}").status_code == 404
    assert [client.get(f"/ideas/{id}/card").status_code for id in ids] == [200, 404, 200]
    open_board("elsewhere")
    assert client.get(f"/boards/elsewhere/next/{ids[0]}").status_code == 404
