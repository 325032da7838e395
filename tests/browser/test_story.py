"""The loop, walked in four browsers: a customer's words become a sentence of the promise, everybody sees it happen, and the moderator undoes a merge."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.sites import Site

WORDS = "they tell me the truth about my brakes."
BEFORE = "We show you what is worn before we replace it, and you decide."
AFTER = "We tell you the truth about what is worn, show it to you, and you decide."


@pytest.fixture
def demo(start_site: Callable[..., Site]) -> Site:
    site = start_site(people=False, COCREATE_DEMO="1")
    assert site.flask("demo").returncode == 0
    return site


def sit_down(page: Page, name: str) -> Page:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Halden Bikes asks one question")
    page.get_by_role("button", name=f"Sit down as {name}").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Halden Bikes asks one question")
    return page


def test_the_loop(demo: Site, page_of: Any, picture: Any) -> None:
    cleo, emil, mona, guest = page_of(demo), page_of(demo), page_of(demo), page_of(demo)
    for page, name in ((cleo, "Cleo"), (emil, "Emil"), (mona, "Mona")):
        sit_down(page, name)
    guest.goto("/promise")

    # She finishes the sentence; he sees her words arrive without doing anything.
    cleo.get_by_label("I come back because").fill(WORDS)
    cleo.get_by_role("button", name="Say it").click()
    expect(cleo.get_by_text(WORDS)).to_be_visible()
    expect(emil.get_by_text(WORDS)).to_be_visible()
    picture(emil, "words-arrive")

    # One idea at a time, three buttons, the bars move.
    one = cleo.locator(".one-idea")
    title = one.get_by_role("heading").inner_text()
    count = one.locator("[data-cell~=customer] [data-of]")
    before = count.inner_text()
    one.get_by_role("button", name="Agree", exact=True).click()
    expect(count).not_to_have_text(before)
    expect(one.get_by_role("button", name="Agree", exact=True)).to_have_attribute("aria-pressed", "true")
    mine = emil.locator("article.idea", has=emil.get_by_role("heading", name=title)).locator("[data-cell~=customer] [data-of]")
    expect(mine).not_to_have_text(before)

    _suggest(emil)
    _weigh_and_accept(cleo, mona)

    # The page changes under everyone's eyes, and she is told where her words went.
    expect(guest.get_by_text(AFTER).first).to_be_visible()
    picture(guest, "promise-changes")
    cleo.goto("/inbox")
    told = cleo.get_by_role("link", name="Your words are in it")
    expect(told).to_be_visible()
    with cleo.expect_request("**/inbox/read"):
        told.click()
    expect(cleo.get_by_text(WORDS).first).to_be_visible()
    expect(cleo.get_by_text("It is what we want to be asked for.")).to_be_visible()
    cleo.get_by_role("link", name="See where it stands").click()
    expect(cleo.get_by_text(WORDS).first).to_be_visible()
    cleo.goto("/inbox")
    expect(cleo.locator(".inbox-row", has_text="Your words are in it")).not_to_have_class(re.compile(r"\bunread\b"))
    cleo.goto("/my-words")
    expect(cleo.get_by_text(WORDS)).to_be_visible()
    expect(cleo.get_by_role("link", name=AFTER[:30])).to_be_visible()
    picture(cleo, "my-words")


def _suggest(emil: Page) -> None:
    """He turns her words into a change of one sentence."""
    emil.get_by_role("link", name="Change a sentence of it").click()
    emil.get_by_role("link", name=BEFORE).click()
    emil.get_by_label("The sentence as it should be").fill(AFTER)
    emil.get_by_label("Why").fill("People told us that it is the truth they come back for.")
    emil.get_by_label(WORDS).check()
    emil.get_by_role("button", name="Suggest it").click()
    expect(emil.get_by_text("People told us that it is the truth").first).to_be_visible()


def _weigh_and_accept(cleo: Page, mona: Page) -> None:
    cleo.get_by_role("link", name="One change is suggested: weigh it").or_(cleo.get_by_role("link", name="Change a sentence of it")).click()
    change = cleo.locator("article.change", has_text="People told us that it is the truth")
    expect(change).to_be_visible()
    change.get_by_role("button", name="Agree", exact=True).click()
    expect(change.get_by_role("button", name="Agree", exact=True)).to_have_attribute("aria-pressed", "true")
    mona.goto(cleo.url)
    change = mona.locator("article.change", has_text="People told us that it is the truth")
    change.locator("summary", has_text="Accept").click()
    expect(change.get_by_label("Why you accept it")).to_be_focused()
    change.get_by_label("Why you accept it").fill("It is what we want to be asked for.")
    change.get_by_role("button", name="Accept and sign").click()
    expect(mona.get_by_text(AFTER).first).to_be_visible()


def test_the_moderator_finds_three_things_and_undoes_a_merge(demo: Site, page_of: Any, picture: Any) -> None:
    mira = sit_down(page_of(demo), "Mira")
    rows = mira.locator(".queue-row")
    expect(rows).to_have_count(3)
    picture(mira, "queue")
    twin = mira.locator(".queue-row", has_text="Tell us the day before when it will be late")
    current = mira.locator(".queue-row[aria-current]")
    expect(current).to_contain_text("Tell us the day before when it will be late")
    mira.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    mira.keyboard.press("k")
    expect(current).to_contain_text("Tell us the day before when it will be late")
    mira.keyboard.press("m")
    expect(mira.get_by_role("heading", level=1)).to_be_visible()
    mira.get_by_label("One message before we have to ask").check()
    mira.get_by_role("button", name="Join").click()
    expect(mira.get_by_role("heading", level=1)).to_have_text("Queue")
    expect(rows).to_have_count(2)
    expect(twin).to_have_count(0)
    mira.keyboard.press("z")
    expect(twin).to_be_visible()
    expect(rows).to_have_count(3)
