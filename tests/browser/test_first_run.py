"""The first five minutes: an empty site becomes an organisation with a board that others come to; and how little a newcomer does to be heard."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Knocks
from tests.browser.mail import code_for
from tests.browser.test_pages import look_at
from tests.sites import Site

LINK = re.compile(r"http://\S+/setup/\S+")
MOST_TABS = 5  # from the top of an invitation to the button of whoever takes it
TABS = """(button) => [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden])")]
  .filter((place) => place.checkVisibility()).indexOf(button) + 1"""
MOST = 6  # interactions of a newcomer, from a board to an idea on it


def test_start_yours(start_site: Callable[..., Site], browser_of: Knocks) -> None:
    site = start_site(people=False)
    host = browser_of(site).new_page()
    _found(host, site)
    _open_a_board(host)
    _share(host)
    invitation = _invite(host)

    customer = browser_of(site, viewport={"width": 390, "height": 844}).new_page()
    customer.goto(invitation)
    expect(customer.get_by_text("Greta invites you to Fjord Bakery as a customer.")).to_be_visible()
    expect(customer.get_by_label("Your name", exact=True)).to_be_focused()
    send = customer.get_by_role("button", name="Send me a code")
    assert send.evaluate(TABS) <= MOST_TABS + 1  # one more for the way past the header
    customer.get_by_label("Your address").fill("kim@customers.example")
    customer.get_by_label("Your name", exact=True).fill("Kim")
    send.click()
    customer.get_by_label("Six digits").fill(code_for(site, "kim@customers.example"))
    customer.get_by_role("button", name="Sign in").click()
    customer.get_by_role("link", name="What is bread worth").first.click()
    customer.locator(".say [name=body]").fill("the crust still talks when I get home.")
    customer.get_by_role("button", name="Say it").click()
    expect(customer.get_by_text("the crust still talks when I get home.")).to_be_visible()
    # Who went first sees the answer without doing anything.
    host.get_by_role("link", name="To the board").first.click()
    expect(host.get_by_text("the crust still talks when I get home.")).to_be_visible()


def _found(host: Page, site: Site) -> None:
    """By the link that the site says in its log, once."""
    found = LINK.search(site.log)
    assert found is not None
    host.goto("/")
    expect(host.get_by_role("heading", level=1)).to_have_text("This site is new")
    faults = look_at(host, "new", "", None)
    host.goto(found[0])
    faults += look_at(host, "set-up", "", None)
    assert not faults, "\n".join(faults)
    host.get_by_label("Your organisation").fill("Fjord Bakery")
    host.get_by_label("Your name").fill("Greta")
    host.get_by_label("Your address").fill("greta@fjord.example")
    host.get_by_role("button", name="Set it up").click()
    expect(host.get_by_role("heading", level=1)).to_have_text("Good to see you, Greta")
    expect(host.locator("#toasts").get_by_text("Fjord Bakery has its place.")).to_be_visible()
    again = host.context.browser
    assert again is not None
    stranger = again.new_context().new_page()
    stranger.goto(found[0])
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Sign in")
    stranger.context.close()


def _open_a_board(host: Page) -> None:
    """Three things, and the rest starts from sentences that work."""
    host.get_by_role("link", name="Boards", exact=True).first.click()
    host.get_by_role("link", name="Open a board").click()
    host.get_by_label("Brand").check()
    host.get_by_label("Your question").fill("What is bread worth coming for?")
    host.get_by_label("What can you tell first?").fill("We threw away a tenth of what we baked last year.")
    host.get_by_role("button", name="Open the board").click()


def _share(host: Page) -> None:
    expect(host.get_by_role("heading", level=1)).to_have_text("Pass it on")
    expect(host.get_by_label("The board's address")).to_have_value(re.compile(r"^http://localhost:\d+/boards/[\w-]+$"))
    expect(host.get_by_role("img", name="QR code with the same address")).to_be_visible()


def _invite(host: Page) -> str:
    """In a tab of its own, as one does: the link that is shown this once."""
    page = host.context.new_page()
    page.goto("/people/invite")
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_role("img", name="QR code with the same address")).to_be_visible()
    link = page.get_by_label("The link", exact=True).input_value()
    page.close()
    return link


def test_a_newcomer_is_heard_in_six_steps(story: Site, browser_of: Knocks) -> None:
    """An interaction is a click, or a field filled in; Enter at a field's end sends it. Two pages are waited for: the code's and the idea's own."""
    page, title, email = browser_of(story).new_page(), "Ring the bell when the kettle is on", "newcomer@elsewhere.example"
    page.goto("/boards/our-promise")
    steps: list[Callable[[], None]] = [
        lambda: page.get_by_role("link", name="Propose an idea").click(),
        lambda: page.get_by_label("In one line").press_sequentially(f"{title}\n"),
        lambda: page.get_by_label("Your address").press_sequentially(email),
        lambda: page.get_by_label("Your name, if you are new here").press_sequentially("Nils\n"),
        lambda: page.get_by_label("Six digits").press_sequentially(f"{code_for(story, email)}\n"),
    ]
    assert len(steps) <= MOST
    expected = ["Propose an idea", "Sign in", "Sign in", "Your code", title]
    for step, heading in zip(steps, expected, strict=True):
        step()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.locator("#toasts").get_by_text("Your idea is on the board.")).to_be_visible()
    expect(page.get_by_text("Nils").first).to_be_visible()
