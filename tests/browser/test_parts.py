"""Pages that follow what happens elsewhere: counts at once, words soon after, and what is gone goes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from cocreate.core.ids import Ref
from cocreate.ideas.actions import edit_idea, paste_ideas, withdraw_idea
from cocreate.ideas.curation_actions import hide_idea, show_idea
from cocreate.ideas.inputs import EditIdea, PastedIdeas
from cocreate.stances.actions import cast_stance
from cocreate.statements.actions import suggest_amendment
from cocreate.statements.inputs import NewAmendment
from cocreate.statements.queries import statement_on
from tests.databases import Databases
from tests.sites import Site
from tests.stage import open_board, propose

LINKS = "See https://one.example and https://two.example"
TALL: Any = {"width": 1280, "height": 2000}  # only what is in view is fetched again


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site with the cast, shared by the tests of this file: each opens a board of its own."""
    data_dir = tmp_path_factory.mktemp("parts")
    with databases.fresh("sqlite", data_dir) as url:
        found = Site(data_dir, url)
        try:
            yield found.start()
        finally:
            found.kill()


def acted(site: Site, act: Callable[..., Any], *given: Any) -> Any:
    """Done by another process, of which the site hears by itself."""
    with site.app.app_context():
        return act(*given)


def test_voices_come_in_wherever_they_are_looked_at(site: Site, page_of: Any) -> None:
    cast = site.cast
    board_id = acted(site, open_board, "voices", cast.mona, (), "brand")
    idea = acted(site, propose, cast.ada, board_id, "Ring twice")
    of = acted(site, statement_on, cast.emil, "voices")
    given = NewAmendment(before=of.sentences[0], after="We answer the same day.", reason="It is what people wait for.")
    change = Ref("amendment", acted(site, suggest_amendment, cast.emil, of.id, given))
    for person in (cast.otto, cast.piet):
        for ref in (Ref("idea", idea), change):
            acted(site, cast_stance, person, ref, 1)
    board, own, statement, hers = (page_of(site, person) for person in (cast.mona, cast.emil, cast.mona, cast.cleo))
    board.goto("/boards/voices")
    own.goto(f"/ideas/{idea}")
    statement.goto(f"/statements/{of.id}")
    strips = [statement.locator(f"#{change.slug} .strip"), own.locator(f"#idea-{idea}-voices .strip"), board.locator(".one-idea .strip")]
    for strip in strips:
        expect(strip).to_contain_text("2 voices are in; results show from 3.")
        expect(strip.locator("[data-cell]")).to_have_count(0)

    # The third voice makes a cell, and a sentence; then the numbers of the cell follow.
    hers.goto(f"/ideas/{idea}")
    hers.get_by_role("button", name="Agree", exact=True).click()
    acted(site, cast_stance, cast.cleo, change, 1)
    for strip in strips:
        expect(strip.locator("[data-of]")).to_have_text("3 of 3")
        expect(strip.locator("[data-says]")).to_have_text("Customers and partners together agree.")
    hers.get_by_role("button", name="Disagree", exact=True).click()
    acted(site, cast_stance, cast.cleo, change, -1)
    for strip in strips:
        expect(strip.locator("[data-of]")).to_have_text("2 of 3")
        expect(strip.locator("[data-says]")).to_have_text("Customers and partners together agree.")

    # So do the texts: the board says how many changes wait for voices.
    board.get_by_role("link", name="One change is suggested: weigh it").scroll_into_view_if_needed()
    acted(site, suggest_amendment, cast.emil, of.id, NewAmendment(after="We ask before we change it.", reason="It is theirs."))
    expect(board.get_by_role("link", name="2 changes are suggested: weigh them")).to_be_visible()


def test_a_voice_given_while_the_page_still_gets_ready_counts_once(site: Site, page_of: Any) -> None:
    """What hears the press is there already, what comes after it not yet."""
    cast = site.cast
    idea = acted(site, propose, cast.ada, acted(site, open_board, "early", cast.mona), "Ring at once")
    page = page_of(site, cast.emil)
    late: list[Route] = []
    sent: list[str] = []
    page.route("**/js/live.js", lambda route: late.append(route))
    page.on("request", lambda request: sent.append(request.method))
    page.goto(f"/ideas/{idea}")
    for _patience in range(100):
        page.wait_for_timeout(50)
        if late:
            break
    page.wait_for_timeout(500)  # those that came before it have started
    agree = page.get_by_role("button", name="Agree", exact=True)
    agree.click()
    page.wait_for_timeout(500)
    late[0].continue_()
    expect(agree).to_have_attribute("aria-pressed", "true")
    expect(page.locator("form[data-stances]:not([aria-busy])")).to_be_visible()
    page.wait_for_timeout(500)
    assert sent.count("POST") == 1
    page.reload()
    expect(agree).to_have_attribute("aria-pressed", "true")


def test_a_part_that_does_not_come_is_asked_for_again(site: Site, page_of: Any) -> None:
    """Our side fails once, and nothing else happens on the board that would tell the page to ask."""
    cast = site.cast
    idea = acted(site, propose, cast.ada, acted(site, open_board, "once-more", cast.mona), "Ring thrice")
    page = page_of(site, cast.emil)
    asked: list[Route] = []

    def fail_once(route: Route) -> None:
        asked.append(route)
        route.fulfill(status=503, body="") if len(asked) == 1 else route.continue_()

    page.route("**/voices", fail_once)
    frames: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    page.goto(f"/ideas/{idea}")
    for _patience in range(800):
        if any('"ok":true' in frame for frame in frames):  # the board is watched
            break
        page.wait_for_timeout(50)
    strip = page.locator(f"#idea-{idea}-voices .strip")
    for person in (cast.otto, cast.piet, cast.cleo):
        acted(site, cast_stance, person, Ref("idea", idea), 1)
    expect(strip.locator("[data-of]")).to_have_text("3 of 3")
    assert len(asked) > 1


def test_what_is_gone_leaves_the_list_and_what_comes_waits_behind_a_button(site: Site, page_of: Any) -> None:
    cast = site.cast
    board_id = acted(site, open_board, "leaving", cast.mona)
    back, hidden, _stays = (acted(site, propose, cast.emil, board_id, title) for title in ("Taken back", "Hidden", "Stays"))
    page, moderator = page_of(site, cast.otto, viewport=TALL), page_of(site, cast.mira, viewport=TALL)
    for each in (page, moderator):
        each.goto("/boards/leaving?sort=new")
    titles, button = page.locator(".ideas h3"), page.locator("[data-new-kind] button")
    expect(page.locator(".one-idea h3")).to_have_text("Taken back")
    acted(site, withdraw_idea, cast.emil, back)
    acted(site, hide_idea, cast.mira, hidden)
    expect(titles).to_have_text(["Stays"])
    expect(moderator.locator(".ideas h3")).to_have_text(["Stays"])
    expect(page.locator(".one-idea")).to_have_count(0)

    acted(site, show_idea, cast.mira, hidden)
    acted(site, paste_ideas, cast.mona, board_id, PastedIdeas(lines="One line\nAnother line"))
    expect(button).to_have_text("3 new ideas")
    expect(moderator.locator("[data-new-kind] button")).to_have_text("3 new ideas")  # what she showed again in another tab is one of them
    button.click()
    expect(titles).to_have_text(["Another line", "One line", "Stays", "Hidden"])
    expect(button).to_be_hidden()


def test_what_happens_while_a_part_is_on_its_way_is_not_lost(site: Site, page_of: Any) -> None:
    cast = site.cast
    board_id = acted(site, open_board, "twice", cast.mona)
    idea = acted(site, propose, cast.emil, board_id, "First words")
    page = page_of(site, cast.otto, viewport=TALL)
    held: list[tuple[Route, Any]] = []
    page.add_init_script("document.addEventListener('live:event', () => { window.heard = (window.heard ?? 0) + 1; })")

    def hold(route: Route) -> None:
        """The first answer is on its way until the test lets it go."""
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    page.route(f"**/ideas/{idea}/card", hold)
    page.goto("/boards/twice")
    title = page.locator(f"#idea-{idea} h3")
    expect(title).to_have_text("First words")
    with page.expect_request(f"**/ideas/{idea}/card"):
        acted(site, edit_idea, cast.emil, idea, EditIdea(title="Second words"), None)
    for _ in range(2000):  # the answer with these words is there, and kept back
        if held:
            break
        page.wait_for_timeout(20)
    page.wait_for_function("() => window.heard === 1")
    acted(site, edit_idea, cast.emil, idea, EditIdea(title="Third words"), None)
    page.wait_for_function("() => window.heard === 2")
    # Timers of a page run in the order in which they are due: after this one the part was asked for again, and was busy.
    page.evaluate("() => new Promise((done) => setTimeout(done, 1000))")
    (route, answer) = held[0]
    assert "Second words" in answer.text()
    route.fulfill(response=answer)
    expect(title).to_have_text("Third words")


def test_a_board_that_could_not_be_watched_is_asked_for_again(site: Site, page_of: Any) -> None:
    cast = site.cast
    board_id = acted(site, open_board, "again", cast.mona)
    page = page_of(site, cast.otto)
    opened: list[WebSocketRoute] = []
    page.route_web_socket("**/socket.io/**", lambda ws: _failing_first(ws, opened))
    page.goto("/boards/again")
    acted(site, propose, cast.emil, board_id, "Said meanwhile")
    expect(_button(page)).to_have_text("1 new idea")
    assert len(opened) > 1


def test_voices_that_come_while_the_page_is_on_its_way_are_on_it(site: Site, page_of: Any) -> None:
    cast = site.cast
    board_id = acted(site, open_board, "slowly", cast.mona)
    idea_id = acted(site, propose, cast.emil, board_id, "Weighed on the way")
    page = page_of(site, cast.otto, viewport=TALL)
    held: list[Route] = []
    page.route("**/js/live.js", lambda route: held.append(route))
    page.goto("/boards/slowly", wait_until="domcontentloaded")
    strip = page.locator(f'[data-strip="idea:{idea_id}"]').first
    expect(strip).to_have_attribute("data-voices", "0")
    acted(site, cast_stance, cast.cleo, Ref("idea", idea_id), 1)
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(strip).to_have_attribute("data-voices", "1")


def _button(page: Page) -> Any:
    return page.locator("[data-new-kind] button")


def _failing_first(ws: WebSocketRoute, opened: list[WebSocketRoute]) -> None:
    """The first socket's `watch` is answered as by a site whose database is gone."""
    server, is_first = ws.connect_to_server(), not opened
    opened.append(ws)

    def pass_on(message: str | bytes) -> None:
        text = str(message)
        if is_first and text.startswith("43"):
            ws.send(text[: text.index("[")] + '[{"ok":false,"error":"unavailable"}]')
        elif not (is_first and text.startswith("42")):
            ws.send(message)

    server.on_message(pass_on)


def test_an_open_queue_follows(site: Site, page_of: Any) -> None:
    cast = site.cast
    page = page_of(site, cast.mira)
    page.goto("/queue")
    rows = page.locator(".queue-row h2")
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    first, second = (acted(site, propose, cast.cleo, acted(site, open_board, slug), f"Held on {slug}", LINKS) for slug in ("queue-one", "queue-two"))
    expect(rows).to_have_text(["Held on queue-one", "Held on queue-two"])
    acted(site, show_idea, cast.ada, first)
    expect(rows).to_have_text(["Held on queue-two"])
    acted(site, hide_idea, cast.ada, second)
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()


def test_keys_pressed_while_their_script_is_on_its_way_count(site: Site, page_of: Any) -> None:
    page = page_of(site)
    held: list[Route] = []
    page.route("**/js/elements/keys.js", lambda route: held.append(route))
    page.goto("/why")
    with page.expect_request("**/js/elements/keys.js"):
        page.keyboard.press("g")
    page.keyboard.press("b")
    held[0].continue_()
    expect(page.get_by_role("heading", level=1)).to_have_text("Boards")
