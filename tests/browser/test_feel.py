"""How it answers: votes at once and truly, keys, time to undo, a lost network, the way back."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import func, select, text

from cocreate.core import clock
from cocreate.core.db import db
from cocreate.people.models import Session
from cocreate.people.signin_actions import note_use
from tests.browser.conftest import TITLES, Knocks, person_at, where
from tests.sites import Site
from tests.stage import propose

BOARD = "/boards/our-promise"
STANCES = {"Agree": 1, "Not sure": 0, "Disagree": -1}
SLOW = 3_000  # ms that a vote is on its way
LONG = 10_000  # ms: the least that one has to undo something


def test_a_vote_answers_at_once_and_tells_the_truth(story: Site, browser_of: Knocks) -> None:
    context = browser_of(story, "cleo@halden.example")
    page = context.new_page()
    page.goto(where(story, "/ideas/{open}"))
    count = page.locator(".voices [data-cell=customer] [data-of]")
    before = count.inner_text()
    held: list[Route] = []
    page.route("**/stances/**", lambda route: held.append(route))
    scripts_run(page)

    # While it is on its way it is shown, as pending; and it stays when it arrives.
    button(page, "Agree").click()
    assert pressed(page) == ["Agree"]
    assert count.inner_text() != before
    expect(page.locator("[data-pending]")).to_have_count(1)
    page.wait_for_timeout(SLOW)
    assert pressed(page) == ["Agree"]
    assert voice_of(story, "cleo") is None
    held.pop().continue_()
    expect(page.locator("[data-pending]")).to_have_count(0)
    assert (pressed(page), voice_of(story, "cleo")) == (["Agree"], 1)

    # Our side fails: it is as it was, and says so; trying again asks for what was wanted last.
    with_it = count.inner_text()
    button(page, "Disagree").click()
    button(page, "Not sure").click()
    page.wait_for_function("() => document.querySelector('form[data-stances]').ariaBusy !== null")
    held.pop().fulfill(status=500, body="broken")
    retry = page.locator("#toasts").get_by_role("button", name="Try again")
    expect(retry).to_be_visible()
    expect(page.locator("#warned")).to_have_text("Your voice did not reach us, so it is back as it was.")
    assert (pressed(page), count.inner_text(), voice_of(story, "cleo")) == (["Agree"], with_it, 1)
    page.unroute("**/stances/**")
    arrives(page, retry.click)
    assert (pressed(page), voice_of(story, "cleo")) == (["Not sure"], 0)

    # Without a network too.
    context.set_offline(True)
    button(page, "Agree").click()
    expect(retry).to_be_visible()
    assert (pressed(page), voice_of(story, "cleo")) == (["Not sure"], 0)
    context.set_offline(False)

    _press_ten_times(story, page)
    page.reload()
    assert pressed(page) == ["Disagree"]


def _press_ten_times(site: Site, page: Page) -> None:
    """Faster than it is sent: one request at a time, and the last wish is what counts."""
    flying, most, sent = 0, 0, 0

    def start(request: Any) -> None:
        nonlocal flying, most, sent
        if "/stances/" in request.url:
            flying, sent = flying + 1, sent + 1
            most = max(most, flying)

    def end(request: Any) -> None:
        nonlocal flying
        flying -= "/stances/" in request.url

    page.on("request", start)
    page.on("requestfinished", end)
    presses = ["Agree", "Agree", "Disagree", "Not sure", "Agree", "Agree", "Disagree", "Disagree", "Not sure", "Disagree"]
    page.evaluate("names => names.forEach((name) => [...document.querySelectorAll('[data-stance]')].find((each) => each.innerText === name).click())", presses)
    expect(page.locator("form[data-stances]")).not_to_have_attribute("aria-busy", "true")
    assert (pressed(page), voice_of(site, "cleo"), most) == (["Disagree"], -1, 1)
    assert 0 < sent < len(presses)


def test_a_press_before_its_script_has_come_waits_for_it(story: Site, browser_of: Knocks) -> None:
    page = browser_of(story, "sofie@halden.example").new_page()
    let_scripts_come = hold_scripts(page)
    page.goto(BOARD)
    one, agree = page.locator(".one-idea h3"), page.locator(".one-idea").get_by_role("button", name="Agree", exact=True)
    idea = one.inner_text()
    agree.click()
    let_scripts_come(True)
    expect(agree).to_have_attribute("aria-pressed", "true")
    expect(one).to_have_text(idea)


@pytest.mark.parametrize("comes", [True, False], ids=["late", "never"])
def test_a_line_sent_before_its_script_has_come_arrives(story: Site, browser_of: Knocks, comes: bool) -> None:
    page, said = browser_of(story, "cleo@halden.example").new_page(), f"it waits {comes} for me."
    let_scripts_come = hold_scripts(page)
    page.goto(BOARD)
    page.get_by_label("I come back because").press_sequentially(f"{said}\n")
    let_scripts_come(comes)
    expect(page.locator(".quotes").get_by_text(said)).to_be_visible()


def hold_scripts(page: Page) -> Callable[[bool], None]:
    """A slow network: the page's behaviours come once they are let come, or never."""
    held: list[Route] = []
    decided: list[bool] = []

    def settle(route: Route) -> None:
        route.continue_() if decided[0] else route.abort()

    def let_come(comes: bool) -> None:
        decided.append(comes)
        for route in held:
            settle(route)

    page.route("**/js/elements/*.js", lambda route: settle(route) if decided else held.append(route))
    return let_come


def scripts_run(page: Page) -> None:
    """Wait until the page's behaviours listen."""
    page.wait_for_function("() => performance.getEntriesByType('resource').some((each) => each.name.endsWith('/live.js'))")
    page.wait_for_load_state("networkidle")


def button(page: Page, name: str) -> Locator:
    return page.locator("form[data-stances]").get_by_role("button", name=name, exact=True)


def pressed(page: Page) -> list[str]:
    return page.locator("form[data-stances] [aria-pressed=true]").all_inner_texts()


def voice_of(site: Site, name: str) -> int | None:
    """What the database knows of this person's stance on the idea that is still open."""
    asked = "SELECT stance FROM stances JOIN ideas ON ideas.id = subject_id WHERE subject_kind = 'idea' AND person_id = :person AND title = :title"
    person = person_at(site, f"{name}@halden.example")
    with site.app.app_context():
        found: int | None = db.session.scalar(text(asked), {"person": person.id, "title": TITLES["open"]})
        db.session.rollback()
    return found


def arrives(page: Page, act: Callable[[], None]) -> None:
    with page.expect_response("**/stances/**"):
        act()
    expect(page.locator("[data-pending]")).to_have_count(0)


def test_a_key_leads_to_search(story: Site, browser_of: Knocks) -> None:
    page = browser_of(story, "karim@halden.example").new_page()
    page.goto("/statements/1")  # which has no search of its own
    scripts_run(page)
    page.keyboard.press("/")
    expect(page.get_by_label("Words to find")).to_be_focused()
    page.keyboard.type("bike")
    page.keyboard.press("Enter")
    expect(page.locator(".hit mark").first).to_have_text(re.compile("bike", re.IGNORECASE))


def test_keys_lead_everywhere_and_rest_where_they_should(story: Site, browser_of: Knocks) -> None:
    page = browser_of(story, "karim@halden.example").new_page()
    page.goto(BOARD)
    scripts_run(page)
    keys = page.get_by_role("dialog", name="Keys")
    page.keyboard.press("?")
    expect(keys).to_be_visible()
    page.keyboard.press("c")  # nothing below an open dialog is reached
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()

    page.keyboard.press("/")
    search = page.get_by_label("Find in these ideas")
    expect(search).to_be_focused()
    page.keyboard.type("a?cgb")
    expect(search).to_have_value("a?cgb")
    expect(keys).to_be_hidden()
    search.fill("")
    search.blur()

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-item].current")).to_have_count(1)
    for key, name in (("a", "Agree"), ("d", "Disagree"), ("n", "Not sure")):
        on = page.locator("[data-item].current").get_by_role("button", name=name, exact=True)
        was = on.get_attribute("aria-pressed")
        page.keyboard.press(key)
        expect(on).to_have_attribute("aria-pressed", "false" if was == "true" else "true")
    _has_no_frame_by_a_script(page.locator("article.idea").last)
    for chord in ("Control+c", "Meta+c", "Alt+c"):
        page.keyboard.press(chord)
    expect(page).to_have_url(re.compile(f"{BOARD}$"))
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_have_text("Propose an idea")
    page.goto(BOARD)
    page.keyboard.press("g")
    page.keyboard.press("b")
    expect(page.get_by_role("heading", level=1)).to_have_text("Boards")

    page.goto("/account")
    page.get_by_label("Use single keys").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).not_to_be_empty()
    page.goto(BOARD)
    with page.expect_response("**/elements/keys.js"):
        page.keyboard.press("?")
    for key in ("?", "c", "g", "b"):
        page.keyboard.press(key)
    expect(keys).to_be_hidden()
    expect(page).to_have_url(re.compile(f"{BOARD}$"))


def _has_no_frame_by_a_script(item: Locator) -> None:
    """What is focused by a script, or holds what one pressed while the page changed, is not where one walked to by keys."""
    item.get_by_role("link").first.focus()
    item.page.evaluate("document.dispatchEvent(new CustomEvent('page:changed'))")
    expect(item).to_have_attribute("tabindex", "-1")
    expect(item).not_to_have_class(re.compile("current"))
    item.focus()
    assert item.evaluate("item => [item === document.activeElement, getComputedStyle(item).outlineStyle]") == [True, "none"]


def test_there_is_time_to_undo(story: Site, browser_of: Knocks) -> None:
    """Ten seconds at least; longer while the pointer or the focus is on it."""
    context = browser_of(story, "theo@halden.example")
    context.clock.install()
    page = context.new_page()
    page.goto(where(story, "/ideas/{twin}"))
    page.wait_for_load_state("networkidle")
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))  # from here on only the test makes time pass
    page.get_by_role("button", name="Take it back").click()
    toast = page.locator("[data-toast]", has=page.get_by_role("button", name="Undo"))
    expect(toast).to_be_visible()
    page.mouse.move(5, 5)
    page.clock.run_for(LONG)
    expect(toast).to_be_visible()
    expect(toast).not_to_have_attribute("data-leaving", "")
    toast.hover()
    page.clock.run_for(6 * LONG)
    expect(toast).to_be_visible()
    page.mouse.move(5, 5)
    toast.get_by_role("button", name="Undo").focus()
    page.clock.run_for(6 * LONG)
    expect(toast).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()
    page.clock.run_for(2 * LONG)
    expect(page.locator("[data-toast]")).to_have_count(0)


def test_the_queue_goes_by_keys_and_says_where_to_undo_later(story: Site, browser_of: Knocks) -> None:
    """The row that letters act on is marked, as is what an undo brings back; each press has its ten seconds, after which `z` leads to the record."""
    context = browser_of(story, "mira@halden.example")
    context.clock.install()
    page = context.new_page()
    page.goto("/queue")
    page.wait_for_load_state("networkidle")
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    page.mouse.move(5, 5)
    rows, toast = page.locator(".queue-row"), page.locator("[data-toast]")
    first, second, third = (rows.nth(place).get_attribute("id") for place in range(3))
    assert marked(page) == [first]
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    assert marked(page) == [second]
    page.keyboard.press("h")
    expect(rows).to_have_count(2)
    assert marked(page) == [third]
    page.clock.run_for(100)
    expect(page.locator("#said")).to_have_text("Hidden. It can be shown again from the board's record.")
    page.clock.run_for(LONG)
    expect(toast).to_be_visible()
    page.keyboard.press("h")
    expect(rows).to_have_count(1)
    assert marked(page) == [first]
    page.clock.run_for(LONG)
    expect(toast.get_by_role("button", name="Undo")).to_be_visible()
    page.keyboard.press("z")
    expect(rows).to_have_count(2)
    expect(toast).to_contain_text("It waits in the queue again.")
    expect(page.locator(f"#{third}")).to_be_focused()
    assert marked(page) == [third]
    page.keyboard.press("h")
    expect(rows).to_have_count(1)
    assert marked(page) == [first]
    expect(toast.get_by_role("button", name="Undo")).to_be_visible()
    page.clock.run_for(2 * LONG)
    expect(toast).to_have_count(0)

    page.keyboard.press("z")
    page.clock.run_for(1000)
    expect(page.locator("#said")).to_have_text("The time to undo this here is over. The record of this board")
    expect(toast.get_by_role("link", name="The record of this board")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_role("heading", level=1)).to_have_text("The record")
    for left in (2, 1):
        shown_again = page.get_by_role("button", name=re.compile("^Show “.*” again$"))
        expect(shown_again).to_have_count(left)
        shown_again.first.click()
    expect(shown_again).to_have_count(0)


def marked(page: Page) -> list[str | None]:
    """The items that letters act on, as a page says it to eyes and readers."""
    return [row.get_attribute("id") for row in page.locator("[data-item][aria-current=true]").all()]


def test_a_lost_network_is_said_and_made_up_for(story: Site, browser_of: Knocks) -> None:
    context = browser_of(story, "karim@halden.example")
    page = context.new_page()
    page.goto(f"{BOARD}?sort=new")
    scripts_run(page)
    page.evaluate("window.same = true")
    context.set_offline(True)
    notice = page.get_by_text("You are offline, or the site is. What you see may be old; what you type is kept.")
    expect(notice).to_be_visible()
    expect(page.locator("#said")).to_have_text("You are offline, or the site is. What you type is kept.")
    nora = person_at(story, "nora@halden.example")
    with story.app.app_context():
        board_id = db.session.scalar(text("SELECT id FROM boards WHERE slug = 'our-promise'"))
        propose(nora, int(board_id or 0), "A map of the quiet roads by the till")
    context.set_offline(False)
    expect(notice).to_be_hidden()
    new = page.get_by_role("button", name="1 new idea")
    expect(new).to_be_visible()
    new.click()
    expect(page.get_by_role("heading", name="A map of the quiet roads by the till")).to_be_visible()
    assert page.evaluate("window.same") is True


def test_back_leads_to_the_same_place(story: Site, browser_of: Knocks) -> None:
    page = browser_of(story, "greta@halden.example", viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{BOARD}?sort=contested&q=the")
    scripts_run(page)
    card = page.locator("article.idea").last
    heading = card.get_by_role("heading").inner_text()
    card.get_by_role("heading").scroll_into_view_if_needed()
    assert page.evaluate("scrollY") > 500
    place = top(card)
    card.get_by_role("link", name=heading).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.go_back()
    expect(page).to_have_url(re.compile(r"sort=contested&q=the$"))
    expect(page.get_by_label("Find in these ideas")).to_have_value("the")
    expect(card.get_by_role("heading")).to_be_in_viewport()
    assert abs(top(card) - place) <= 2


def top(card: Any) -> float:
    """Where a card begins on the screen, in pixels: what stays the same for the eye also when a line above it went."""
    return float(card.evaluate("card => card.getBoundingClientRect().top"))


def test_a_session_that_is_about_to_end_says_so_and_stays_with_one_press(story: Site, browser_of: Knocks) -> None:
    """Moderators' and administrators' sessions end after eight hours of rest, and once a day; others' last for weeks."""
    cleo = browser_of(story, "cleo@halden.example").new_page()
    cleo.goto(where(story, "/ideas/{answered}"))
    expect(cleo.locator("#ending")).to_have_count(0)

    context = browser_of(story, "mira@halden.example")
    context.clock.install()
    page = context.new_page()
    page.goto(where(story, "/ideas/{answered}"))
    page.wait_for_load_state("networkidle")
    comment, notice = page.get_by_label("Your comment"), page.locator("#ending")
    comment.press_sequentially("Half a thought")
    page.clock.fast_forward("07:50:00")
    expect(notice).to_be_hidden()
    page.clock.fast_forward("07:00")
    expect(notice).to_be_visible()
    expect(page.locator("#warned")).to_contain_text("You are signed out within five minutes")
    expect(comment).to_be_focused()
    _let_rest(story, hours=7.9)
    assert _rested(story) > timedelta(hours=7)
    notice.get_by_role("button", name="Stay signed in").click()
    expect(notice).to_be_hidden()
    expect(comment).to_be_focused()
    expect(comment).to_have_value("Half a thought")
    assert _rested(story) < timedelta(hours=1)

    for _rest in range(2):
        page.clock.fast_forward("07:57:00")
        notice.get_by_role("button", name="Stay signed in").click()
        expect(notice).to_be_hidden()
    page.clock.fast_forward("07:57:00")
    expect(notice).to_contain_text("You are asked to sign in again within five minutes")
    expect(notice.get_by_role("button")).to_be_hidden()


def _let_rest(site: Site, hours: float) -> None:
    """As if nothing had been done in the newest session for so long."""
    with site.app.app_context(), clock.at(clock.now() - timedelta(hours=hours)):
        newest = db.session.scalar(select(func.max(Session.id)))
        note_use(replace(person_at(site, "mira@halden.example"), session_id=newest))


def _rested(site: Site) -> timedelta:
    with site.app.app_context():
        used_at = db.session.scalar(select(Session.used_at).order_by(Session.id.desc()))
        db.session.rollback()
    assert used_at is not None
    return clock.now() - used_at


def test_a_line_shows_all_that_is_typed_and_enter_sends_it(story: Site, browser_of: Knocks) -> None:
    context = browser_of(story, "cleo@halden.example")
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(where(story, BOARD))
    scripts_run(page)
    words = "they remember how I like my brakes, and they tell me before it gets late, every single time."
    line = page.get_by_label("I come back because")
    low = line.evaluate("field => field.clientHeight")
    line.press_sequentially(words)
    assert line.evaluate("field => [field.scrollWidth <= field.clientWidth, field.scrollHeight <= field.clientHeight]") == [True, True]
    assert line.evaluate("field => field.clientHeight") > 2 * low * 0.8
    line.press("Enter")
    expect(page.locator(".quotes").get_by_text(words)).to_be_visible()
    expect(page.locator(".quote", has_text=words)).to_contain_text("yours")
