"""Everything goes by forms and links: in a browser that runs no scripts, and in one that could not load them (nor the sheet)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Knocks, where
from tests.sites import Site

BOARD = "/boards/our-promise"
Sits = Callable[..., Page]


@pytest.fixture(params=["scripts are off", "scripts do not load"])
def plain(request: pytest.FixtureRequest, browser_of: Knocks, story: Site) -> Sits:
    """A page of a browser without our scripts: `plain()` for a visitor, `plain("cleo@halden.example")`."""

    def sit(email: str = "") -> Page:
        context = browser_of(story, email, java_script_enabled=request.param != "scripts are off")
        if request.param == "scripts do not load":
            context.route("**/static/**", lambda route: route.abort())
        return context.new_page()

    return sit


@pytest.fixture
def run(request: pytest.FixtureRequest) -> str:
    """A word that only this run of a test uses: both browsers write on the same board."""
    return "first" if "off" in request.node.callspec.id else "second"


def come_in(page: Page, email: str, name: str = "") -> None:
    """From the sign-in page: an address, and the code out of the mail as this machine shows it."""
    page.get_by_label("Your address").fill(email)
    if name:
        page.get_by_label("Your name, if you are new here").fill(name)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your code")
    code = newest_code(page.context, page.get_by_role("link", name="On this machine mail is shown at /mail").get_attribute("href"), email)
    page.get_by_label("Six digits").fill(code)
    page.get_by_role("button", name="Sign in").click()


def newest_code(context: BrowserContext, mail: str | None, email: str) -> str:
    page = context.new_page()
    page.goto(mail or "")
    newest = page.locator("article", has_text=f"to {email}").first
    code = newest.locator(".code strong").inner_text()
    page.close()
    return code


def test_a_visitor_reads_weighs_and_signs_in_second(plain: Sits, run: str) -> None:
    page = plain()
    page.goto(BOARD)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name="All that people said").click()
    expect(page.get_by_text("nobody ever sold me a part I did not need.")).to_be_visible()
    page.goto(BOARD)
    page.get_by_role("link", name="Whoever mends it signs for it").last.click()
    page.get_by_role("link", name="Agree", exact=True).click()
    page.get_by_role("button", name="Agree", exact=True).click()
    come_in(page, {"first": "cleo@halden.example", "second": "ida@halden.example"}[run])
    expect(page.get_by_role("heading", level=1)).to_have_text("Whoever mends it signs for it")
    expect(page.get_by_role("button", name="Agree", exact=True)).to_have_attribute("aria-pressed", "true")


def test_a_new_person_says_a_line_and_signs_in_second(plain: Sits, run: str) -> None:
    page, words = plain(), f"they wave from across the street, the {run} time and always."
    page.goto(BOARD)
    page.get_by_role("link", name="finish the sentence").click()
    page.get_by_label("I come back because").fill(words)
    page.get_by_role("button", name="Say it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    come_in(page, f"{run}@newcomers.example", "Runa")
    expect(page).to_have_url(re.compile(f"{BOARD}"))
    expect(page.get_by_text(words)).to_be_visible()
    other = plain()
    other.goto(BOARD)
    expect(other.get_by_text(words)).to_be_visible()


def test_one_proposes_and_comments(plain: Sits, run: str) -> None:
    page, title = plain("karim@halden.example"), f"Keep a {run} pump by the door"
    page.goto(BOARD)
    page.get_by_role("link", name="Propose an idea").click()
    page.get_by_label("In one line").fill(title)
    page.get_by_role("button", name="Put it on the board").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_label("Your comment").fill("With a hook, so that it *stays* there.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_text("With a hook, so that it stays there.")).to_be_visible()

    host = plain("emil@halden.example")
    host.goto(page.url)
    host.get_by_role("link", name="Answer", exact=True).click()
    host.get_by_label("Planned").check()
    host.get_by_label("Why").fill("We have two of them in the cellar.")
    host.get_by_role("button", name="Answer", exact=True).click()
    expect(host.locator("#answer")).to_contain_text("We have two of them in the cellar.")
    page.reload()
    expect(page.locator("#answer")).to_contain_text("Emil")


def test_a_moderator_joins_and_parts(story: Site, plain: Sits) -> None:
    page = plain("mira@halden.example")
    _join(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The two stand apart again")).to_be_visible()
    _join(page)
    page.goto(where(story, "/ideas/{twin}"))
    expect(page.get_by_text("Joined with another idea")).to_be_visible()
    # What is offered for ten seconds after it was done, the board's record offers for good.
    page.goto(f"{BOARD}/history")
    page.get_by_role("button", name="Part them again").click()
    page.goto(where(story, "/ideas/{twin}"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Tell us the day before when it will be late")
    expect(page.get_by_text("Joined with another idea")).to_have_count(0)


def _join(page: Page) -> None:
    page.goto("/queue")
    page.locator(".queue-row", has_text="Tell us the day before when it will be late").get_by_role("link", name="Join").click()
    page.get_by_label("One message before we have to ask").check()
    page.get_by_role("button", name="Join them").click()
    expect(page.get_by_text("is joined with")).to_be_visible()


def test_words_are_changed_decided_and_reported(plain: Sits, run: str) -> None:
    page, words = plain("sofie@halden.example"), f"We tell you the {run} thing we find, before anything else."
    page.goto("/statements/1")
    page.get_by_role("link", name="Add a sentence at the end").click()
    page.get_by_label("The new sentence").fill(words)
    page.get_by_label("Why", exact=True).fill("It is what we are asked most.")
    page.get_by_role("button", name="Suggest it").click()
    expect(page.get_by_text(words).first).to_be_visible()

    host = plain("mona@halden.example")
    host.goto("/statements/1")
    host.locator("summary", has_text="Accept").first.click()
    host.get_by_label("Why you accept it").first.fill("We do it already.")
    host.get_by_role("button", name="Accept and sign").first.click()
    expect(host.get_by_text(words).first).to_be_visible()
    reader = plain()
    reader.goto("/promise")
    expect(reader.get_by_text(words).first).to_be_visible()

    reporter = plain("hugo@halden.example")
    reporter.goto(f"{BOARD}/words")
    reporter.get_by_role("link", name="Report").nth(int(run == "second")).click()  # what one reported stays where it is
    reporter.get_by_label("What is wrong with it?").fill(f"The {run} of two.")
    reporter.get_by_role("button", name="Report it").click()
    moderator = plain("mira@halden.example")
    moderator.goto("/queue")
    expect(moderator.get_by_text(f"The {run} of two.")).to_be_visible()


def test_a_board_is_opened_and_settings_are_kept(plain: Sits, run: str) -> None:
    page, question = plain("mona@halden.example"), f"What should we lend {run}?"
    page.goto("/boards")
    page.get_by_role("link", name="Open a board").first.click()
    page.get_by_label("Product").check()
    page.get_by_label("Your question").fill(question)
    page.get_by_label("What can you tell first?").fill("Eleven pumps came back last year, of twelve.")
    page.get_by_role("button", name="Open the board").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pass it on")
    page.get_by_role("link", name="To the board").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(question)

    own = plain("ole@halden.example")
    own.goto("/account")
    own.get_by_label("Your name").fill(f"Ole the {run}")
    own.get_by_label("Use single keys").set_checked(run == "second")
    own.get_by_role("button", name="Save").click()
    expect(own.get_by_label("Your name")).to_have_value(f"Ole the {run}")
    expect(own.get_by_label("Use single keys")).to_be_checked(checked=run == "second")
