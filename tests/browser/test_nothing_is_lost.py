"""Nothing typed is ever lost: through a crash, an ended session, a cut network and a second tab, in every composer."""

from typing import Any, NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect
from sqlalchemy import text

from cocreate.core.db import db
from cocreate.people.signin_actions import end_other_sessions, start_session
from tests.browser.conftest import Knocks, person_at, where
from tests.browser.mail import code_for
from tests.sites import Site

BOARD = "/boards/our-promise"


class Composer(NamedTuple):
    """A form that somebody writes in: who, where, in which field, and the button that sends it."""

    who: str
    address: str
    label: str
    button: str

    def field(self, page: Page) -> Any:
        return page.get_by_label(self.label, exact=True)

    def open(self, site: Site, context: BrowserContext) -> Page:
        page = context.new_page()
        page.goto(where(site, self.address))
        expect(self.field(page)).to_be_visible()
        return page

    def type(self, page: Page, words: str) -> None:
        """Type, and wait until the words are kept."""
        self.field(page).press("Control+End")
        self.field(page).press_sequentially(words)
        page.wait_for_function("words => Object.entries(localStorage).some(([name, kept]) => name.startsWith('draft:') && kept.includes(words))", arg=words)


LINE = Composer("cleo@halden.example", BOARD, "I come back because", "Say it")
IDEA = Composer("cleo@halden.example", f"{BOARD}/ideas/new", "In one line", "Put it on the board")
COMMENT = Composer("cleo@halden.example", "/ideas/{answered}", "Your comment", "Comment")
CHANGE = Composer("emil@halden.example", "/statements/1/changes/new?sentence=2", "The sentence as it should be", "Suggest it")
ANSWER = Composer("mona@halden.example", "/ideas/{open}/answer", "Why", "Answer")
OPENING = Composer("mona@halden.example", "/boards/new", "What can you tell first?", "Open the board")
COMPOSERS = {"line": LINE, "idea": IDEA, "comment": COMMENT, "change": CHANGE, "answer": ANSWER, "board": OPENING}


@pytest.mark.parametrize("name", COMPOSERS)
def test_a_crash_keeps_what_was_typed(story: Site, browser_of: Knocks, name: str) -> None:
    composer, words = COMPOSERS[name], f"Half a thought about the {name}, and then"
    context = browser_of(story, composer.who)
    page = composer.open(story, context)
    was = composer.field(page).input_value()
    composer.type(page, words)
    crash(page)
    again = composer.open(story, context)
    expect(composer.field(again)).to_have_value(was + words)
    expect(again.get_by_text("We kept what you typed here.")).to_be_visible()


def crash(page: Page) -> None:
    """End the tab's process where it stands: nothing of the page runs any more."""
    with page.expect_event("crash"):
        try:
            page.goto("chrome://crash")
        except Error:
            pass  # it says that the page crashed, which is what was asked for


@pytest.mark.parametrize("name", ["line", "idea", "comment"])
def test_a_session_that_ended_meanwhile_loses_nothing(story: Site, browser_of: Knocks, name: str) -> None:
    composer, words = COMPOSERS[name], f"Typed while somebody ended my session: “{name}” & <more>"
    context = browser_of(story, composer.who)
    page = composer.open(story, context)
    composer.type(page, words)
    with story.app.app_context():
        end_other_sessions(start_session(person_at(story, composer.who).id, "elsewhere"))
    page.get_by_role("button", name=composer.button, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_label("Your address").fill(composer.who)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Six digits").fill(code_for(story, composer.who))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text(words).first).to_be_visible()
    assert count(story, name, words) == 1
    # It is sent, so the form does not bring it back.
    expect(composer.field(composer.open(story, context))).to_have_value("")


def count(site: Site, name: str, words: str) -> int:
    """How often these words were published."""
    table, column = {"line": ("responses", "body"), "idea": ("ideas", "title"), "comment": ("comments", "body")}[name]
    with site.app.app_context():
        found = db.session.scalar(text(f"SELECT count(*) FROM {table} WHERE {column} = :words"), {"words": words})
        db.session.rollback()
    return int(found)


@pytest.mark.parametrize("name", ["line", "idea", "comment"])
def test_a_cut_network_keeps_the_words_and_sends_them_once(story: Site, browser_of: Knocks, name: str) -> None:
    composer, words = COMPOSERS[name], f"Typed in the tunnel: {name}"
    context = browser_of(story, composer.who)
    page = composer.open(story, context)
    composer.type(page, words)
    context.set_offline(True)
    page.get_by_role("button", name=composer.button, exact=True).click()
    expect(page.locator("[role=alert]#warned")).to_have_text("That did not reach us. What you typed is still here.")
    retry = page.locator("form").get_by_role("button", name="Try again")
    expect(retry).to_be_visible()
    expect(composer.field(page)).to_have_value(words)
    assert count(story, name, words) == 0
    context.set_offline(False)
    retry.click()
    expect(page.get_by_text(words).first).to_be_visible()
    expect(retry).to_have_count(0)
    assert count(story, name, words) == 1


@pytest.mark.parametrize("name", COMPOSERS)
def test_a_second_tab_never_overwrites(story: Site, browser_of: Knocks, name: str) -> None:
    composer = COMPOSERS[name]
    context = browser_of(story, composer.who)
    first = composer.open(story, context)
    was = composer.field(first).input_value()
    composer.type(first, "Words of the first tab.")
    second = composer.open(story, context)
    expect(second.get_by_text("You have unsaved words from another tab.")).to_be_visible()
    expect(composer.field(second)).to_have_value(was)
    composer.type(second, "Words of the second.")
    expect(composer.field(first)).to_have_value(f"{was}Words of the first tab.")
    for page, words in ((first, "Words of the first tab."), (second, "Words of the second.")):
        page.reload()
        expect(composer.field(page)).to_have_value(was + words)


def test_signing_out_leaves_no_words_behind(story: Site, browser_of: Knocks) -> None:
    context = browser_of(story, COMMENT.who)
    page = COMMENT.open(story, context)
    COMMENT.type(page, "Words on a shared computer")
    page.locator("details.menu.wide-only > summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert page.evaluate("JSON.stringify([localStorage, sessionStorage])").count("shared computer") == 0
