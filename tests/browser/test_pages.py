"""Every page, as everybody who may see it, light and dark, on a phone and on a desk: read by axe, by its width and by what the browser complains about."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Knocks, heard_errors, where
from tests.sites import Site

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all of axe that a theme can change
# Colours and places follow a new theme or width in steps: what is read between them is of neither.
SETTLED = """() => new Promise((settled) => requestAnimationFrame(() => requestAnimationFrame(settled)))
  .then(() => Promise.allSettled(document.getAnimations().map((each) => each.finished)))"""
PHONE, DESK, NARROWEST = 390, 1280, 320
HEIGHT = {PHONE: 844, DESK: 800, NARROWEST: 640}

BOARD = "/boards/our-promise"
OPEN_TO_ALL = {
    "home": "/",
    "boards": "/boards",
    "board": BOARD,
    "board-empty-search": f"{BOARD}?q=nothinghasthis",
    "how": f"{BOARD}/how",
    "what-people-said": f"{BOARD}/words",
    "history": f"{BOARD}/history",
    "idea": "/ideas/{answered}",
    "statement": "/statements/1",
    "versions": "/statements/1/versions",
    "promise": "/promise",
    "why": "/why",
    "changes": "/changes",
    "nothing-here": "/boards/no-such-board",
}
TO_SIGN_IN = {
    "sign-in": "/sign-in",
    "sign-in-code": "/sign-in/code",
    "sign-in-password": "/sign-in/password",
    "say": f"{BOARD}/words/new",
    "stance": "/stances/idea:{answered}?stance=agree",
    "sign-in-first": "/inbox",
    "beside": "/demo/beside",  # the last: from here on somebody sits there
}
TO_TAKE_PART = {
    "suggest": "/statements/1/changes/new?sentence=2",
    "idea-new": f"{BOARD}/ideas/new",
    "comment-new": "/comments/idea:{answered}/new",
    "report": "/reports/idea:{answered}",
    "my-words": "/my-words",
    "inbox": "/inbox",
    "account": "/account",
}
TO_HOST = {
    "board-new": "/boards/new",
    "answer": "/ideas/{open}/answer",
    "answers": f"{BOARD}/answers",
    "share": f"{BOARD}/share",
    "audience": f"{BOARD}/audience",
    "not-yours": "/people",
}
TO_MODERATE = {"queue": "/queue", "merge": "/ideas/{twin}/merge", "hide": "/curated/idea:{twin}/hidden"}
TO_ADMINISTER = {"people": "/people", "person": "/people/1", "invite": "/people/invite", "invitations": "/people/invitations", "organisation": "/organisation"}
ROLES = {
    "visitor": ("", OPEN_TO_ALL | TO_SIGN_IN),
    "cleo": ("cleo@halden.example", OPEN_TO_ALL | TO_TAKE_PART),
    "hugo": ("hugo@halden.example", {"my-words": "/my-words", "inbox": "/inbox"}),
    "mona": ("mona@halden.example", {"home": "/", "board": BOARD, "idea": "/ideas/{open}", "statement": "/statements/1", "how": f"{BOARD}/how"} | TO_HOST),
    "mira": ("mira@halden.example", {"home": "/", "board": BOARD, "idea": "/ideas/{twin}"} | TO_MODERATE),
    "arne": ("arne@halden.example", TO_ADMINISTER | {"tokens": "/account/tokens"}),
}
# The film that is kept in docs/screenshots: (page, who) as the story goes.
FILM = {
    "seats": "visitor/home",
    "beside": "visitor/beside",
    "board": "cleo/board",
    "idea": "cleo/idea",
    "statement": "cleo/statement",
    "promise": "visitor/promise",
    "my-words": "hugo/my-words",
    "queue": "mira/queue",
}
FAILS = {"nothing-here", "sign-in-first", "not-yours"}  # the browser says itself that such a page was refused


@pytest.mark.parametrize("who", ROLES)
def test_pages_are_for_everybody(story: Site, browser_of: Knocks, picture: Any, who: str) -> None:
    email, pages = ROLES[who]
    page = browser_of(story, email, reduced_motion="reduce").new_page()
    film = {place: name for name, place in FILM.items()}
    faults: list[str] = []
    with heard_errors(page) as heard:
        for name, address in pages.items():
            faults += look_at(page, name, where(story, address), film.get(f"{who}/{name}", ""), picture)
    refused = [error for error in heard if "Failed to load resource" in error and any(pages.get(name, "?") in error for name in FAILS)]
    faults += [error for error in heard if error not in refused]
    assert not faults, "\n".join(faults)


def look_at(page: Page, name: str, address: str, film: str, picture: Any) -> list[str]:
    """What is wrong with this page, in any theme and width."""
    _fit(page, DESK, "light")
    page.goto(address)
    page.evaluate("document.fonts.ready")
    for frame in page.locator("iframe").all():
        expect(frame.content_frame.get_by_role("heading", level=1)).to_be_visible()
    page.evaluate(AXE)
    headings = page.locator("h1").count()
    faults = [] if headings == 1 else [f"{name}: {headings} h1"]
    for width in (DESK, PHONE):
        for theme in ("light", "dark"):
            _fit(page, width, theme)
            faults += [f"{name} {width} {theme}: {fault}" for fault in axe(page, COLOURS if theme == "dark" else None)]
            if film and (film != "beside" or width == DESK):
                picture(page, f"{film}-{width}-{theme}")
        faults += [f"{name} {width}: {fault}" for fault in too_wide(page)]
    _fit(page, NARROWEST, "light")
    return faults + [f"{name} {NARROWEST}: {fault}" for fault in too_wide(page)]


def _fit(page: Page, width: int, theme: Any) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT[width]})
    page.emulate_media(color_scheme=theme)
    page.evaluate(SETTLED)


def axe(page: Page, rules: list[str] | None) -> list[str]:
    """What axe finds: rule, and the first places. Frames are looked at as pages of their own."""
    asked = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    options = {"runOnly": asked, "resultTypes": ["violations"], "iframes": False, "rules": {} if rules else {"target-size": {"enabled": True}}}
    found = page.evaluate("options => axe.run(document, options).then((result) => result.violations)", options)
    return [f"{each['id']}: " + "; ".join(f"{node['target'][0]} {node['failureSummary']}" for node in each["nodes"][:3]) for each in found]


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    return page.evaluate(
        """() => {
          const room = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= room) return [];
          const wide = [...document.querySelectorAll("body *")].filter((each) => each.getBoundingClientRect().right > room + 1);
          return wide.slice(0, 3).map((each) => `${each.tagName}.${each.className} reaches ${each.getBoundingClientRect().right}`);
        }"""
    )
