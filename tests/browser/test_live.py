"""A page that others are busy on: who is here, how many wait, summaries for the ear, and nothing that moves under the eye."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from cocreate.comments.actions import post_comment
from cocreate.comments.inputs import NewComment
from cocreate.core.ids import Ref
from tests.live.arranging import call, token_of, until
from tests.sites import Site
from tests.stage import crowd, open_board, propose

VOTES = 50
NOTE = """
addEventListener("DOMContentLoaded", () => {
  const said = document.getElementById("said");
  window.said = [];
  new MutationObserver(() => said.textContent && window.said.push(said.textContent)).observe(said, { childList: true });
});
"""
PLACE = "element => ({ top: element.getBoundingClientRect().top, scrolled: scrollY, focused: element === document.activeElement })"


def elsewhere(site: Site, act: Callable[..., Any], *given: Any) -> Any:
    """Done by another process, of which the site hears by itself."""
    with site.app.app_context():
        return act(*given)


def votes_said(page: Page) -> int:
    said = page.evaluate("window.said.join(' ')")
    return sum(int(number) for number in re.findall(r"(\d+) new votes?", said))


def test_others_come_and_vote(serving: Site, page_of: Any) -> None:
    """WCAG 4.1.3: fifty votes are at most three sentences; U10: people are seen coming and going, by group."""
    cast = serving.cast
    board_id = elsewhere(serving, open_board, "busy", cast.mona)
    idea = elsewhere(serving, propose, cast.emil, board_id, "Ring twice")
    tokens = [token_of(serving, person) for person in elsewhere(serving, crowd, "customer", VOTES)]
    mona, cleo = page_of(serving, cast.mona), page_of(serving, cast.cleo)
    mona.add_init_script(NOTE)
    mona.goto("/boards/busy")
    customers = mona.locator("[data-presence-group=customer]")
    expect(customers).to_be_hidden()
    cleo.goto("/boards/busy")
    expect(customers).to_be_visible()
    expect(customers.locator("[data-n]")).to_have_text("1")
    cleo.close()
    expect(customers).to_be_hidden()

    mona.evaluate("window.said.length = 0")
    for n, token in enumerate(tokens, 1):
        call(serving, token, "PUT", f"/ideas/{idea}/vote", {"stance": "agree"})
        if n % 10 == 0:  # so they come one after another
            expect(mona.locator(".one-idea .strip [data-of]")).to_have_text(f"{n} of {n}")
    until(lambda: votes_said(mona) == VOTES)
    assert len(mona.evaluate("window.said")) <= 3


def test_what_is_new_waits(serving: Site, page_of: Any) -> None:
    """U11: the inbox counts where it stands; new ideas wait behind a button, and nothing moves until it is pressed."""
    cast = serving.cast
    board_id = elsewhere(serving, open_board, "busy", cast.mona)
    ideas = [elsewhere(serving, propose, cast.cleo, board_id, f"Idea {n}") for n in range(12)]
    page = page_of(serving, cast.cleo)
    page.goto("/boards/busy?sort=new")
    titles = page.locator(".ideas h3").all_inner_texts()
    eye = page.locator(f"#idea-{ideas[4]} a").first
    eye.focus()
    before = eye.evaluate(PLACE)
    assert before["scrolled"] > 0
    mark = page.locator("#inbox-link .count-mark")
    for n, author in enumerate((cast.emil, cast.mona)):
        elsewhere(serving, post_comment, author, Ref("idea", ideas[n]), NewComment(body="Yes."), "<p>Yes.</p>")
        expect(mark).to_have_text(str(n + 1))
    for n in range(3):
        elsewhere(serving, propose, cast.emil, board_id, f"New idea {n}")
    button = page.locator("[data-new-kind] button")
    expect(button).to_have_text("3 new ideas")
    assert eye.evaluate(PLACE) == before
    assert page.locator(".ideas h3").all_inner_texts() == titles
    button.click()
    expect(page.locator(".ideas h3").first).to_have_text("New idea 2")
    expect(button).to_be_hidden()
