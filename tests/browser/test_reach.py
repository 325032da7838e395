"""What axe does not see: focus that shows and is not covered, targets for thumbs, stillness for who wants it, places that speak."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Knocks, where
from tests.sites import Site

BOARD = "/boards/our-promise"
CLEO = "cleo@halden.example"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
MANY = 200  # more Tabs than any page has places
ADDRESSES = ["/", BOARD, "/ideas/{answered}", "/statements/1", f"{BOARD}/ideas/new", "/my-words", "/account"]

FOCUSED = """() => {
  const active = document.activeElement;
  if (!active || active === document.body) return null;
  const shown = active.matches("[type=checkbox], [type=radio]") ? active.closest("label") ?? active : active;
  const styles = [active, shown].map((each) => getComputedStyle(each));
  const isMarked = styles.some((style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none");
  const box = shown.getClientRects()[0];
  const inset = Math.min(3, box.width / 4, box.height / 4);
  const places = [[box.left + inset, box.top + inset], [box.right - inset, box.bottom - inset], [(box.left + box.right) / 2, (box.top + box.bottom) / 2]];
  const isClear = places.every(([x, y]) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (shown.contains(hit) || hit.contains(shown));
  });
  return { name: `${active.tagName} ${active.className} ${(active.innerText ?? active.name ?? "").slice(0, 40)}`, isMarked, isClear };
}"""


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_focus_shows_and_is_not_covered(story: Site, browser_of: Knocks, size: dict[str, Any]) -> None:
    page = browser_of(story, CLEO, reduced_motion="reduce", **size).new_page()
    faults: list[str] = []
    for address in ADDRESSES:
        page.goto(where(story, address))
        faults += [f"{address} {fault}" for fault in walk(page)]
    assert not faults, "\n".join(faults)


def walk(page: Page) -> list[str]:
    """From Tab to Tab through the page: what the focus does not show on, or what stands before it."""
    faults, seen = [], 0
    for _step in range(MANY):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None:
            break
        seen += 1
        faults += [f"{found['name']}: {what}" for what, good in (("no mark", found["isMarked"]), ("covered", found["isClear"])) if not good]
    assert 5 < seen < MANY
    return faults


def test_a_toast_covers_neither_the_bar_nor_the_focus(story: Site, browser_of: Knocks) -> None:
    """On a phone a short one is one line, and with the bar less than a sixth of the screen; where the focus cannot be scrolled away from it, it goes."""
    context = browser_of(story, CLEO, reduced_motion="reduce", **PHONE)
    context.add_init_script("const every = window.setInterval; window.setInterval = (step, ms) => (ms === 250 ? 0 : every(step, ms))")  # it stays
    page = context.new_page()
    page.goto(BOARD)
    page.get_by_label("I come back because").fill("the light is on early.")
    page.get_by_role("button", name="Say it").click()
    toast = page.locator("[data-toast]")
    expect(toast).to_contain_text("Your words are on the board.")
    (shown, bar), height = (found.bounding_box() for found in (toast, page.locator(".actions"))), PHONE["viewport"]["height"]
    assert shown
    assert bar
    assert shown["y"] + shown["height"] <= bar["y"]
    assert height - shown["y"] < height / 6
    faults, seen = [], 0
    for _step in range(MANY):
        page.keyboard.press("Tab")
        found = page.evaluate(ONCE_SCROLLED)
        if found is None:
            break
        seen += 1
        faults += [] if found["isClear"] else [found["name"]]
    assert 20 < seen < MANY
    assert not faults, "\n".join(faults)
    toast.get_by_role("button", name="Undo").click()
    expect(toast).to_contain_text("You took your words back.")

    page = browser_of(story, "mira@halden.example", viewport={"width": 844, "height": 390}).new_page()
    page.goto("/queue")
    page.get_by_role("button", name="Hide").last.click()
    toast = page.locator("[data-toast]", has=page.get_by_role("button", name="Undo"))
    expect(toast).to_be_visible()
    for link, is_covered in ((page.get_by_role("button", name="Keys"), True), (page.locator(".site .name"), False)):
        link.focus()
        assert page.evaluate(ONCE_SCROLLED)["isClear"]
        expect(page.locator("#toasts[data-above]")).to_have_count(int(is_covered))
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-toast]")).to_contain_text("It waits in the queue again.")


ONCE_SCROLLED = f"async () => {{ for (const _ of [1, 2]) await new Promise(requestAnimationFrame); return ({FOCUSED})(); }}"


def test_buttons_are_large_enough_for_thumbs(story: Site, browser_of: Knocks) -> None:
    """The size of targets for a pointer is axe's to measure (test_pages); under a thumb what is pressed is 44 high and wide."""
    page = browser_of(story, CLEO, has_touch=True, is_mobile=True, **PHONE).new_page()
    faults = []
    for address in ADDRESSES:
        page.goto(where(story, address))
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, a.button, summary, select, input:not([type=hidden], [type=checkbox], [type=radio]), label.pick")]
              .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest(".sr-only"))
              .map((each) => [each, each.getBoundingClientRect()])
              .filter(([, box]) => box.width && (box.width < 43.5 || box.height < 43.5))
              .map(([each, box]) => `${each.tagName}.${each.className} “${each.innerText ?? ""}” ${Math.round(box.width)} by ${Math.round(box.height)}`)"""
        )
        faults += [f"{address}: {each}" for each in small]
    assert not faults, "\n".join(faults)


def test_who_wants_stillness_has_it(story: Site, browser_of: Knocks) -> None:
    page = browser_of(story, CLEO, reduced_motion="reduce", **DESK).new_page()
    page.goto(BOARD)
    page.evaluate(
        """() => {
          window.moved = [];
          const note = () => {
            const long = document.getAnimations().filter((each) => each.effect.getComputedTiming().duration > 1);
            window.moved.push(...long.map((each) => each.animationName ?? each.transitionProperty));
          };
          for (const kind of ["transitionrun", "animationstart"]) document.addEventListener(kind, note, true);
        }"""
    )
    agree = page.locator(".one-idea").get_by_role("button", name="Agree", exact=True)
    agree.hover()
    agree.click()
    expect(agree).to_have_attribute("aria-pressed", "true")
    page.locator("details.menu.wide-only > summary").click()
    page.keyboard.press("Escape")
    page.get_by_label("I come back because").fill("it is quiet there.")
    page.get_by_role("button", name="Say it").click()
    expect(page.locator(".quotes")).to_contain_text("it is quiet there.")
    assert page.evaluate("window.moved") == []


@pytest.mark.parametrize("email", ["", CLEO], ids=["visitor", "cleo"])
def test_what_speaks_is_there_before_its_words(story: Site, browser_of: Knocks, email: str) -> None:
    page = browser_of(story, email, java_script_enabled=False).new_page()
    for address in ("/promise", BOARD, "/ideas/{answered}", "/statements/1"):
        page.goto(where(story, address))
        for role, id in (("status", "said"), ("alert", "warned")):
            expect(page.locator(f"[role={role}]")).to_have_count(1)
            expect(page.locator(f"#{id}[role={role}]")).to_be_empty()


def test_what_one_does_is_said_once(story: Site, browser_of: Knocks) -> None:
    page = browser_of(story, "nora@halden.example", **DESK).new_page()
    page.goto(where(story, "/ideas/{answered}"))
    page.evaluate(
        """() => {
          window.heard = [];
          const note = () => window.heard.push(document.getElementById("said").textContent);
          new MutationObserver(note).observe(document.getElementById("said"), { childList: true, characterData: true, subtree: true });
        }"""
    )
    page.get_by_label("Your comment").fill("Said once.")
    page.wait_for_function("() => JSON.stringify(localStorage).includes('Said once.')")  # scripts are there
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator("article.comment", has_text="Said once.")).to_have_count(1)
    page.wait_for_function("() => window.heard.some((words) => words)")
    assert len([words for words in page.evaluate("window.heard") if words]) == 1


# What must look different where the reader chose the colours: (what, one, the other, the part, what may differ). Each is on the board.
TOLD_APART = [
    ("agree and not sure", ".track .agree", ".track .pass", "", ["fill"]),
    ("not sure and disagree", ".track .pass", ".track .disagree", "", ["fill"]),
    ("a bar and the page", ".track", ".rows", "", ["borderTopWidth"]),
    ("the current order", ".orders a[aria-current]", ".orders a:not([aria-current])", "", ["textDecorationLine"]),
    ("planned and done", ".status[data-status=planned]", ".status[data-status=done]", "::before", ["backgroundColor"]),
    ("kept and open", ".promises [data-state=done]", ".promises [data-state=due]", "::before", ["backgroundColor"]),
    ("a pressed stance", "[aria-pressed=true]", "[aria-pressed=false]", "", ["backgroundColor"]),
    ("the focus", ":focus", "[aria-pressed=false]:not(:focus)", "", ["outlineStyle"]),
]
LOOK = """([one, other, part, what]) => [one, other].map((found) => {
  const style = getComputedStyle(document.querySelector(`main ${found}, aside ${found}`), part || null);
  return what.map((each) => style[each]).join();
})"""
FRAME = "(box) => getComputedStyle(box).borderTopWidth"
UNDER_WAY = """(button) => {
  button.toggleAttribute("data-pending", true);
  const ring = getComputedStyle(button, "::before");
  return [ring.borderTopColor, ring.borderBottomColor];
}"""


def test_in_colours_of_the_readers_own_all_is_told_apart(story: Site, browser_of: Knocks) -> None:
    page = browser_of(story, CLEO, reduced_motion="reduce", forced_colors="active", **DESK).new_page()
    page.goto(BOARD)
    unticked = page.locator(".pick").first.evaluate(FRAME)
    page.get_by_label("Show my name").check()
    page.locator("article.idea [data-stance]").first.click()
    expect(page.locator("article.idea [aria-pressed=true]").first).to_be_visible()
    page.locator("article.idea [aria-pressed=true]").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    alike = [what for what, *found in TOLD_APART if len(set(page.evaluate(LOOK, found))) < 2]
    sides = page.locator("[aria-pressed=true]").first.evaluate(UNDER_WAY)
    alike += [] if sides[0] != sides[1] else ["what is under way"]
    alike += [] if page.locator(".pick").first.evaluate(FRAME) != unticked else ["a ticked box"]
    assert alike == []
