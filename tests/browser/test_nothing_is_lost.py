"""Nothing typed is ever lost: through a crash, an ended session, a cut network and a second tab, in every composer."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Route, expect
from sqlalchemy import text

from cocreate.core.db import db
from cocreate.people.queries import viewer_of
from cocreate.people.signin_actions import end_other_sessions, start_session
from tests.attacks.scene import SECRET, addresses, lay_scene
from tests.browser.conftest import Knocks, person_at, where
from tests.browser.mail import code_for
from tests.sites import Site
from tests.stage import propose

BOARD = "/boards/our-promise"


class Composer(NamedTuple):
    """A form that somebody writes in: who, where, in which field; the button that sends it, what is said then, and where the words are kept. `more` are
    other fields it needs, each with words; without words it is what is chosen."""

    who: str
    address: str
    label: str
    button: str
    said: str
    kept_in: str
    more: dict[str, str] = {}

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

    def complete(self, page: Page) -> None:
        for label, words in self.more.items():
            page.get_by_label(label, exact=True).fill(words) if words else page.locator(f"input[value={label}]").check()

    def send(self, page: Page) -> None:
        page.get_by_role("button", name=self.button, exact=True).click()

    def published(self, site: Site, words: str) -> int:
        """How often these words were published."""
        with site.app.app_context():
            query = text(f"SELECT count(*) FROM {self.kept_in.partition('.')[0]} WHERE {self.kept_in} LIKE :words")
            found = db.session.scalar(query, {"words": f"%{words}"})
            db.session.rollback()
        return int(found)


LINE = Composer("cleo@halden.example", BOARD, "I come back because", "Say it", "Your words are on the board.", "responses.body")
IDEA = Composer("cleo@halden.example", f"{BOARD}/ideas/new", "In one line", "Put it on the board", "Your idea is on the board.", "ideas.title")
COMMENT = Composer("cleo@halden.example", "/ideas/{answered}", "Your comment", "Comment", "Your comment is there.", "comments.body")
CHANGE = Composer(
    *(
        "emil@halden.example",
        "/statements/1/changes/new?sentence=2",
        "The sentence as it should be",
        "Suggest it",
        "Your change is on the board, to be weighed.",
    ),
    *("amendments.after", {"Why": "It is asked for"}),
)
ANSWER = Composer("mona@halden.example", "/ideas/{open}/answer", "Why", "Answer", "Your answer is on the board, signed.", "answers.body", {"planned": ""})
OPENING = Composer("mona@halden.example", "/boards/new", "What can you tell first?", "Open the board", "Your board is open.", "boards.context", {"brand": ""})
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


@pytest.mark.parametrize("name", COMPOSERS)
def test_a_session_that_ended_meanwhile_loses_nothing(story: Site, browser_of: Knocks, name: str) -> None:
    composer, words = COMPOSERS[name], f"Typed while somebody ended my session: “{name}” & <more>"
    context = browser_of(story, composer.who)
    page = composer.open(story, context)
    composer.complete(page)
    composer.type(page, words)
    end_session_of(story, composer.who)
    composer.send(page)
    sign_in(story, page, composer.who)
    expect(page.locator("#toasts")).to_contain_text(composer.said)
    assert composer.published(story, words) == 1
    # It is sent, so the form does not bring it back.
    again = composer.open(story, context)
    again.wait_for_function("() => !Object.entries(localStorage).some(([name]) => name.startsWith('draft:'))")
    expect(again.get_by_text("We kept what you typed here.")).to_have_count(0)


def end_session_of(site: Site, email: str) -> None:
    with site.app.app_context():
        end_other_sessions(start_session(person_at(site, email).id, "elsewhere"))


def sign_in(site: Site, page: Page, email: str) -> None:
    """From the page that a session which ended leads to."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_label("Your address").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Six digits").fill(code_for(site, email))
    page.get_by_role("button", name="Sign in").click()


def test_a_stance_given_after_the_session_ended(story: Site, browser_of: Knocks) -> None:
    """It is not shown as counted before it is."""
    who, idea = "emil@halden.example", where(story, "/ideas/{twin}")
    page = browser_of(story, who).new_page()
    page.goto(idea)
    before, stance = stances_of(story, who), page.locator("form[data-stances] [aria-pressed=false]").first
    name = stance.inner_text()
    end_session_of(story, who)
    stance.click()
    sign_in(story, page, who)
    expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
    assert idea in page.url
    changed = stances_of(story, who) - before
    assert len(changed) == 1


def stances_of(site: Site, email: str) -> set[tuple[str, int]]:
    """On what somebody gave which stance."""
    person = person_at(site, email)
    with site.app.app_context():
        found = db.session.execute(text("SELECT subject_kind || ':' || subject_id, stance FROM stances WHERE person_id = :id"), {"id": person.id}).all()
        db.session.rollback()
    return {(row[0], row[1]) for row in found}


@pytest.mark.parametrize("name", COMPOSERS)
def test_a_cut_network_keeps_the_words_and_sends_them_once(story: Site, browser_of: Knocks, name: str) -> None:
    """First nothing goes out; then it arrives, and the answer is lost; then all is well."""
    composer, words = COMPOSERS[name], f"Typed in the tunnel: {name}"
    context = browser_of(story, composer.who)
    page = composer.open(story, context)
    composer.complete(page)
    composer.type(page, words)
    typed, retry = composer.field(page).input_value(), page.locator("form").get_by_role("button", name="Try again")
    context.set_offline(True)
    composer.send(page)
    expect(page.locator("[role=alert]#warned")).to_have_text("That did not reach us. What you typed is still here.")
    expect(retry).to_be_visible()
    expect(composer.field(page)).to_have_value(typed)
    assert composer.published(story, words) == 0
    context.set_offline(False)
    with answer_lost(page):
        retry.click()
    expect(retry).to_be_visible()
    expect(composer.field(page)).to_have_value(typed)
    assert composer.published(story, words) == 1
    retry.click()
    expect(page.locator("#toasts")).to_contain_text(composer.said)
    expect(retry).to_have_count(0)
    assert composer.published(story, words) == 1


@contextmanager
def answer_lost(page: Page) -> Iterator[None]:
    """What is sent inside is done, and its answer does not arrive."""

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.fallback()

    page.route("**", lose)
    with page.expect_event("requestfailed"):
        yield
    page.unroute("**", lose)


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


def test_what_was_typed_before_the_scripts_came_wins(story: Site, browser_of: Knocks) -> None:
    """Over older words of the same tab, which are offered; whichever is not taken is not lost."""
    context = browser_of(story, IDEA.who)
    page = IDEA.open(story, context)
    IDEA.type(page, "Older words")
    held: list[Route] = []
    page.route("**/app.js", lambda route: held.append(route))  # a plain function: the driver marks it
    page.goto(where(story, IDEA.address), wait_until="commit")
    IDEA.field(page).fill("Typed at once")
    held[0].continue_()
    page.unroute("**/app.js")
    expect(page.get_by_text("You have unsaved words from before.")).to_be_visible()
    expect(IDEA.field(page)).to_have_value("Typed at once")
    page.get_by_role("button", name="Bring them here").click()
    expect(IDEA.field(page)).to_have_value("Older words")
    page.reload()
    expect(IDEA.field(page)).to_have_value("Older words")
    page.get_by_role("button", name="Start afresh").click()
    expect(IDEA.field(page)).to_have_value("")
    page.reload()
    expect(IDEA.field(page)).to_have_value("Typed at once")


# In a page: types into each form that keeps drafts, or chooses where there is nothing to type; gives what stands in them then.
TYPES = """words => [...document.querySelectorAll("form[data-draft]")].map((form) => {
  const fields = [...form.querySelectorAll("textarea, input:is([type=text], [type=email], [type=number], [type=date], :not([type]))")];
  for (const field of fields) {
    field.value = { date: "2031-05-06", number: "17" }[field.type] ?? `${words} ${field.name}`;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (!fields.length) form.querySelector("input:is([type=radio], [type=checkbox]):not(:checked)")?.click();
})"""
STANDS = """() => Object.fromEntries([...document.querySelectorAll("form[data-draft]")].map((form) => [
  form.dataset.draft,
  [...form.querySelectorAll("textarea, select, input:not([type=hidden])")].map((field) => [field.name, field.value, field.checked ?? null]),
]))"""
ARE_KEPT = "keys => keys.every((key) => Object.keys(localStorage).some((name) => name.includes(`:${key}:`)))"
DRAFT = re.compile(r'data-draft="([^"]+)"')
LAST = re.compile(r"-(crash|\d+|[a-z]+:\d+)")  # which thing a key is about


def test_every_form_keeps_what_was_typed_through_a_crash(story: Site, browser_of: Knocks) -> None:
    """On all pages of somebody who hosts a board and runs the site: a form that is new is found by itself."""
    with story.app.app_context():
        host = next(person for person in (viewer_of(id) for id in db.session.scalars(text("SELECT id FROM people"))) if person.role == "admin")
        scene = lay_scene(host, host, "crash")
        propose(host, db.session.scalars(text("SELECT id FROM boards WHERE slug = 'crash'")).one(), f"{SECRET} idea body")
        paths = {address.path for address in addresses(story.app, scene)} | {"/boards/crash/edit/looking_back"}
        paths |= {f"/comments/idea:{scene.ids['idea']}/new?reply_to={scene.ids['comment']}"}
        client = story.app.test_client().sign_in(host)  # type: ignore[attr-defined]
        pages = {path: client.get(path, base_url=story.base_url).text for path in sorted(paths)}
        places = {LAST.sub("", key): path for path, page in pages.items() if "<html" in page for key in DRAFT.findall(page)}
        db.engine.dispose()
    assert set(places) >= DRAFTS, DRAFTS - set(places)
    context = browser_of(story, str(host.email))
    page, stood = context.new_page(), {}
    for path in dict.fromkeys(places.values()):
        page.goto(path)
        page.evaluate(TYPES, "Typed before the crash in")
        stands = page.evaluate(STANDS)
        page.wait_for_function(ARE_KEPT, arg=list(stands))
        stood[path] = stands
    crash(page)
    page = context.new_page()
    for path, stands in stood.items():
        page.goto(path)
        page.wait_for_function(f"stood => JSON.stringify(({STANDS})()) === stood", arg=json.dumps(stands, separators=(",", ":"), ensure_ascii=False))


# What keeps drafts, by the first part of its key.
DRAFTS = {
    *(
        "say",
        "idea-new",
        "idea",
        "idea-paste",
        "comment",
        "reply",
        "comment-edit",
        "change",
        "accept",
        "decline",
        "adopt",
        "statement",
        "words",
        "answer",
        "answers",
    ),
    *("heard", "promise", "board-new", "board-title", "board-looking_back", "charter", "state", "audience", "hosts", "report", "merge"),
    *("organisation", "person", "person-new", "account"),
}
