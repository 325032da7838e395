"""The examples of docs/api.md do what they say, as they stand there, on a site that is served."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from cocreate.boards.queries import board_as
from cocreate.ideas.inputs import ListIdeas
from cocreate.ideas.listing_queries import list_ideas
from cocreate.people.actions import make_token
from cocreate.people.inputs import NewToken
from tests.databases import ROOT
from tests.sites import Site
from tests.stage import open_board, propose

GUIDE = (ROOT / "docs" / "api.md").read_text()
BOARD = "our-promise"


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.M | re.S)


def run(command: list[str], given: dict[str, str]) -> str:
    done = subprocess.run(command, env={"PATH": os.environ["PATH"], **given}, capture_output=True, text=True, timeout=90)
    assert not done.returncode, done.stderr
    return done.stdout


def titles(site: Site) -> dict[str, str | None]:
    """What is on the board, with Emil's stances."""
    with site.app.app_context():
        emil = site.cast.emil
        return {idea.title: idea.my_stance for idea in list_ideas(emil, board_as(emil, BOARD).board, ListIdeas()).items}


def test_the_examples_of_the_guide_work(serving: Site, page_of: Callable[..., Any]) -> None:
    with serving.app.app_context():
        propose(serving.cast.cleo, open_board(BOARD, serving.cast.mona, kind="brand"), "Mend it while I wait")
        token = make_token(serving.cast.emil, serving.cast.emil.id, NewToken(name="examples", scope="write"))
    given = {"SITE": serving.base_url, "TOKEN": token, "BOARD": BOARD}

    shell = shutil.which("bash")
    assert shell
    (script,) = examples("sh")
    for _again in range(2):
        said = run([shell, "-euc", script], given)
        assert '"email":"emil@example.org"' in said
        assert "somebody looks up when I come in." in said
    assert sorted(titles(serving)) == ["A bell at the counter", "Mend it while I wait"]

    by_http, live = examples("python")
    said = run([sys.executable, "-c", by_http], given)
    assert "Mend it while I wait 1 agree" in said
    assert titles(serving)["Two stools beside the bench"] is None

    said = run([sys.executable, "-c", live], given)
    assert "2 board.opened board:1" in said
    assert "{'ok': True, 'seq': " in said

    (script,) = examples("js")
    page: Page = page_of(serving)
    page.goto("/")
    page.evaluate(f"async (given) => {{ window.process = {{ env: given }};\n{script} }}", given)
    assert titles(serving)["A lamp over the door"] == "agree"
