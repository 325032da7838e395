"""Weighing without a script: one comes back to where the button was."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.cast import Cast
from tests.stage import open_board, propose


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_one_comes_back_to_the_list_at_the_same_card(app: Flask, cast: Cast, client_of: Callable[..., Any]) -> None:
    idea = propose(cast.emil, open_board("back", read_public=True), "Ring twice")
    client, address, place = client_of(cast.cleo), f"/stances/idea:{idea}", f"#idea-{idea}"

    def back_to(came_from: str, **more: str) -> str:
        sent = client.post(address, data={"stance": "agree", **more}, headers={"Referer": came_from})
        assert sent.status_code == 303
        return str(sent.location)

    assert back_to("http://localhost/boards/back?sort=new&tag=a") == f"/boards/back?sort=new&tag=a{place}"
    assert back_to("http://localhost/elsewhere", back="/boards/back?q=x#top") == f"/boards/back?q=x{place}"
    # Nobody is led away from here, nor round in a circle.
    for elsewhere in ("https://evil.example/boards/back", "http://localhost//evil.example", f"http://localhost{address}", ""):
        assert back_to(elsewhere) == f"/ideas/{idea}{place}"
    assert back_to("http://localhost/boards/back", back="//evil.example") == f"/ideas/{idea}{place}"

    # A visitor is asked on a page of its own, which remembers where they came from while they sign in.
    asked = client_of(cast.visitor).get(f"{address}?stance=agree", headers={"Referer": "http://localhost/boards/back?sort=new"})
    assert '<input type="hidden" name="back" value="/boards/back?sort=new">' in asked.text
