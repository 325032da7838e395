"""Every page, once for each who sees another one there: read by axe in light and dark, by its width on any screen and with any text, and by what the browser
complains about."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from cocreate.core.errors import Unavailable
from cocreate.entrypoints.web import answer_failure
from tests.browser.conftest import Knocks, heard_errors, where
from tests.browser.mail import code_for
from tests.browser.scene import lay
from tests.sites import Site

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all of axe that a theme can change
TOUCHED = ["target-size", "scrollable-region-focusable"]  # all of axe that a width can change, the header apart
# Colours and places follow a new theme or width in steps: what is read between them is of neither.
SETTLED = """() => new Promise((settled) => requestAnimationFrame(() => requestAnimationFrame(settled)))
  .then(() => Promise.allSettled(document.getAnimations().map((each) => each.finished)))"""
PHONE, DESK, NARROWEST = 390, 1280, 320
HEIGHT = {PHONE: 844, DESK: 800, NARROWEST: 640, 640: 800}
# Text as its reader may set it, where there is least room for it.
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-block-end: 2em !important; }"
DOUBLE = ":root { font-size: 200% !important; }"
IN_ANY_TEXT = {PHONE: ("",), NARROWEST: ("", SPACED), 640: (DOUBLE,), DESK: ("", SPACED, DOUBLE)}

BOARD = "/boards/our-promise"
# What anyone sees alike, as a visitor; who sees more on it is looked at there again.
OPEN_TO_ALL = {
    "home": "/",
    "seats": "/demo",
    "boards": "/boards",
    "board": BOARD,
    "board-empty-search": f"{BOARD}?q=nothinghasthis",
    "how": f"{BOARD}/how",
    "share": f"{BOARD}/share",
    "what-people-said": f"{BOARD}/words",
    "history": f"{BOARD}/history",
    "idea": "/ideas/{answered}",
    "discussion": "/comments/idea:{answered}",
    "statement": "/statements/1",
    "versions": "/statements/1/versions",
    "change": "/amendments/1",
    "promise": "/promise",
    "why": "/why",
    "changes": "/changes",
    "search": "/search",
    "found": "/search?q=we",
    "nothing-found": "/search?q=nobody+hasthis",
    "mail": "/mail",
    "nothing-here": "/boards/no-such-board",
    "out-of-order": "/out-of-order",
}
TO_COME_IN = {
    "sign-in": "/sign-in",
    "sign-in-code": "/sign-in/code",
    "sign-in-password": "/sign-in/password",
    "link": "/sign-in/link/{link}",
    "link-used-up": "/sign-in/link/used-up",
    "join": "/join/{invitation}",
    "join-over": "/join/over",
    "say": f"{BOARD}/words/new",
    "stance": "/stances/idea:{answered}?stance=agree",
    "sign-in-first": "/inbox",
    "name": "/sign-in/name",
    "beside": "/demo/beside",  # the last: from here on somebody sits there
}
TO_TAKE_PART = {
    "home": "/",
    "board": BOARD,
    "idea": "/ideas/{answered}",
    "statement": "/statements/1",
    "suggest": "/statements/1/changes/new?sentence=2",
    "idea-new": f"{BOARD}/ideas/new",
    "comment-new": "/comments/idea:{answered}/new",
    "report": "/reports/idea:{answered}",
    "my-words": "/my-words",
    "inbox": "/inbox",
    "inbox-settings": "/inbox/settings",
    "account": "/account",
    "password": "/account/password",
    "tokens": "/account/tokens",
    "token-made": "/account/tokens",
}
TO_HOST = {
    "home": "/",
    "board": BOARD,
    "draft": "/boards/next-winter",
    "idea": "/ideas/{open}",
    "statement": "/statements/{statement}",
    "change": "/amendments/{amendment}",
    "how": f"{BOARD}/how",
    "board-new": "/boards/new",
    "answer": "/ideas/{open}/answer",
    "heard": "/ideas/{open}/heard",
    "answers": f"{BOARD}/answers",
    "paste": f"{BOARD}/ideas/paste",
    "audience": f"{BOARD}/audience",
    "hosts": f"{BOARD}/hosts",
    "state": f"{BOARD}/state",
    "question": f"{BOARD}/edit/question",
    "context": f"{BOARD}/edit/context",
    "answer-days": f"{BOARD}/edit/answer_days",
    "charter": f"{BOARD}/how/edit",
    "promise-new": f"{BOARD}/promises/new",
    "accept": "/amendments/{amendment}/accept",
    "decline": "/amendments/{amendment}/decline",
    "adopt": "/statements/{quiet}/adoption",
    "own-text": "/statements/{quiet}/words",
    "text-new": "/boards/next-winter/statement/new",
    "unmerge": "/ideas/{joined}/unmerge",
    "comment-edit": "/comments/{own_comment}/edit",
    "not-yours": "/people",
}
ROLES = {
    "visitor": ("", OPEN_TO_ALL | TO_COME_IN),
    "cleo": ("cleo@halden.example", TO_TAKE_PART),
    "hugo": ("hugo@halden.example", {"my-words": "/my-words", "inbox": "/inbox"}),
    "piet": (
        "piet@halden.example",
        {"home": "/", "board": "/boards/inner-circle", "idea": "/ideas/{inner}", "edit": "/ideas/{inner}/edit", "earlier": "/ideas/{inner}/history"},
    ),
    "emil": ("emil@halden.example", {"home": "/", "board": BOARD, "idea": "/ideas/{open}", "statement": "/statements/1"}),
    "mona": ("mona@halden.example", TO_HOST),
    "mira": (
        "mira@halden.example",
        {"home": "/", "board": BOARD, "idea": "/ideas/{twin}", "queue": "/queue", "merge": "/ideas/{twin}/merge", "hide": "/curated/idea:{twin}/hidden"},
    ),
    "arne": (
        "arne@halden.example",
        {
            "home": "/",
            "people": "/people",
            "nobody-fits": "/people?q=nobodyhasthis",
            "person": "/people/1",
            "add": "/people/add",
            "invite": "/people/invite",
            "invited": "/people/invite",
            "invitations": "/people/invitations",
            "organisation": "/organisation",
        },
    ),
}
# What answers without being a page of its own, and why nobody needs to look at it here.
PARTS = {  # put into pages that are looked at
    *(
        "pages.board_aside",
        "pages.board_list",
        "pages.board_next",
        "pages.board_next_one",
        "pages.board_texts",
        "pages.promise_text",
        "ideas.card",
        "ideas.voices",
        "ideas.similar",
    ),
    *("comments.thread", "listening.quotes", "commitments.promises", "statements.card", "statements.changes", "statements.text"),
}
ELSEWHERE = {
    "web.healthz": "for machines",
    "operating.readyz": "for machines",
    "operating.tell_metrics": "for machines",
    "web.static_file": "files",
    "comments.comment": "leads on to the thing that the comment is about",
    "demo.chair": "presses itself, and leads to what stands in the frames of /demo/beside",
    "people.set_up": "only where nobody is yet: looked at in test_first_run",
}
SEEN_BY_NOBODY = {"/sign-in/code", "/sign-in/password", "/account/tokens"}  # what is typed there is shown to nobody else
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
FAILS = {"nothing-here", "out-of-order", "sign-in-first", "not-yours", "link-used-up", "join-over"}  # the browser says itself that such a page was refused


@pytest.fixture(scope="module")
def places(story: Site) -> dict[str, Any]:
    return lay(story)


def test_every_page_is_looked_at(story: Site, places: dict[str, Any]) -> None:
    """A page that is added is looked at, or it says above why not."""
    adapter = story.app.url_map.bind("localhost")
    paths = {urlsplit(where(story, address, **places)).path for _email, pages in ROLES.values() for address in pages.values()} - {"/out-of-order"}
    shown = {adapter.match(path)[0] for path in paths}
    pages = {rule.endpoint for rule in story.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.endpoint.startswith("api.")}
    assert pages - shown == PARTS | set(ELSEWHERE)


@pytest.mark.parametrize("who", ROLES)
def test_pages_are_for_everybody(story: Site, places: dict[str, Any], browser_of: Knocks, picture: Any, who: str) -> None:
    email, pages = ROLES[who]
    page = browser_of(story, email, reduced_motion="reduce").new_page()
    page.route("**/out-of-order", lambda route: route.fulfill(status=503, content_type="text/html", body=broken(story)))
    film = {place: name for name, place in FILM.items()}
    faults: list[str] = []
    with heard_errors(page) as heard:
        for name, address in pages.items():
            page.set_viewport_size({"width": DESK, "height": HEIGHT[DESK]})
            if name in STEPS:
                STEPS[name](page, story)
            else:
                page.goto(where(story, address, **places))
            faults += look_at(page, name, film.get(f"{who}/{name}", ""), picture)
    refused = [error for error in heard if "Failed to load resource" in error and any(name in FAILS for name in pages)]
    faults += [error for error in heard if error not in refused]
    assert not faults, "\n".join(faults)


def broken(site: Site) -> str:
    """The page of a site whose database does not answer, with what somebody had typed."""
    with site.app.test_request_context("/comments/idea:1/new", method="POST", data={"body": "Half a thought"}):
        return str(answer_failure(Unavailable("The site cannot reach its database just now."))[0])


def _give_a_code(page: Page, site: Site) -> None:
    """To the page that asks a newcomer for their name."""
    page.goto("/sign-in")
    page.get_by_label("Your address").fill("nameless@elsewhere.example")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Six digits").fill(code_for(site, "nameless@elsewhere.example"))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What shall we call you?")


def _make_a_token(page: Page, _site: Site) -> None:
    page.goto("/account/tokens")
    page.get_by_label("What it is for").fill("Our newsletter")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_text("Copy it now.")).to_be_visible()


def _make_an_invitation(page: Page, _site: Site) -> None:
    page.goto("/people/invite")
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_label("The link", exact=True)).to_be_visible()


STEPS = {"name": _give_a_code, "token-made": _make_a_token, "invited": _make_an_invitation}  # what no address alone leads to


def look_at(page: Page, name: str, film: str, picture: Any) -> list[str]:
    """What is wrong with this page, in any theme, width and size of text."""
    page.evaluate("document.fonts.ready")
    for frame in page.locator("iframe").all():
        expect(frame.content_frame.get_by_role("heading", level=1)).to_be_visible()
    page.evaluate(AXE)
    headings = page.locator("h1").count()
    faults = [] if headings == 1 else [f"{headings} h1"]
    for width in (DESK, PHONE):
        for theme in ("light", "dark"):
            # A phone shows the same words in the same colours: what its width can change is asked, and all of it where the film shows it.
            if width == DESK or theme == "light" or film:
                _fit(page, width, theme)
                rules = COLOURS if theme == "dark" else TOUCHED if width == PHONE and not film else None
                faults += [f"{width} {theme}: {fault}" for fault in axe(page, rules)]
            if film and (film != "beside" or width == DESK):
                picture(page, f"{film}-{width}-{theme}")
    faults += [f"{form}: does not say who will see it" for form in unsaid(page)]
    for width, sheets in IN_ANY_TEXT.items():
        page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        faults += [f"{width} {sheet[:24]}: {fault}" for sheet in sheets for fault in too_wide(page, sheet)]
    return [f"{name} {fault}" for fault in faults]


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


def unsaid(page: Page) -> list[str]:
    """Forms that take somebody's words and do not say, beside their button, who will see them."""
    found = page.evaluate(
        """() => [...document.querySelectorAll("form[method=post]")]
          .filter((form) => form.querySelector("textarea, input:is([type=text], [type=email], :not([type]))"))
          .filter((form) => !form.querySelector(".submit > .seen")?.textContent.trim())
          .map((form) => new URL(form.action).pathname)"""
    )
    return [form for form in found if form not in SEEN_BY_NOBODY]


def too_wide(page: Page, sheet: str = "") -> list[str]:
    """What makes the page scroll sideways, where its reader sets text by this sheet. It is set as a browser does it: no rule of the site's can refuse it."""
    return page.evaluate(
        """(rules) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(rules);
          document.adoptedStyleSheets = [sheet];
          const room = document.documentElement.clientWidth;
          const isWide = document.documentElement.scrollWidth > room;
          const wide = [...document.querySelectorAll("body *")].filter((each) => isWide && each.getBoundingClientRect().right > room + 1);
          const said = wide.slice(0, 3).map((each) => `${each.tagName}.${each.className} reaches ${each.getBoundingClientRect().right}`);
          document.adoptedStyleSheets = [];
          return said;
        }""",
        sheet,
    )


# Forms that were sent with something wrong: who, where, what is typed by label, and the button.
WRONG: dict[str, tuple[str, str, dict[str, str], str]] = {
    "line": ("cleo", f"{BOARD}/words/new", {}, "Say it"),
    "idea": ("cleo", f"{BOARD}/ideas/new", {}, "Put it on the board"),
    "comment": ("cleo", "/comments/idea:{answered}/new", {}, "Comment"),
    "change": ("cleo", "/statements/1/changes/new?sentence=2", {"The sentence as it should be": ""}, "Suggest it"),
    "name": ("cleo", "/account", {"Your name": ""}, "Save"),
    "password": ("cleo", "/account/password", {"The new password": "short"}, "Set it"),
    "answer": ("mona", "/ideas/{open}/answer", {}, "Answer"),
    "host": ("mona", f"{BOARD}/hosts", {"Mail address": "nobody at all"}, "Add"),
    "board": ("mona", "/boards/new", {}, "Open the board"),
    "promise": ("mona", f"{BOARD}/promises/new", {}, "Promise it"),
    "question": ("mona", f"{BOARD}/edit/question", {"The question": ""}, "Save"),
    "decision": ("mona", "/amendments/{amendment}/accept", {}, "Accept and sign"),
    "person": ("arne", "/people/add", {}, "Add"),
    "organisation": ("arne", "/organisation", {"Name": ""}, "Save"),
    "address": ("", "/sign-in", {"Your address": "nobody"}, "Send me a code"),
    "code": ("", "/sign-in/code", {"Six digits": "000000"}, "Sign in"),
}
TOLD = """(field) => {
  const ids = [field, field.closest("fieldset")].flatMap((each) => (each?.getAttribute("aria-describedby") ?? "").split(/\\s+/));
  const errors = ids.map((id) => document.getElementById(id)).filter((each) => each?.matches(".error") && each.checkVisibility());
  return errors.map((each) => each.textContent).join(" ");
}"""


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_what_is_wrong_is_said_beside_its_field(story: Site, places: dict[str, Any], browser_of: Knocks, scripts: bool) -> None:
    """And the first such field has the focus, so that one writes on at once."""
    faults: list[str] = []
    for who in sorted({who for who, *_form in WRONG.values()}):
        page = browser_of(story, f"{who}@halden.example" if who else "", java_script_enabled=scripts, reduced_motion="reduce").new_page()
        for name, (_who, address, typed, button) in WRONG.items():
            if _who == who:
                page.goto(where(story, address, **places))
                for label, words in typed.items():
                    page.get_by_label(label, exact=True).fill(words)
                page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
                expect(page.locator(":focus"), name).to_have_attribute("aria-invalid", "true")
                faults += [] if page.locator(":focus").evaluate(TOLD) else [f"{name}: nothing is said beside it"]
                faults += [f"{name}: {fault}" for fault in (_axe_now(page) if scripts else [])]
    assert not faults, "\n".join(faults)


def _axe_now(page: Page) -> list[str]:
    page.evaluate(AXE)
    page.evaluate(SETTLED)
    return axe(page, None)
