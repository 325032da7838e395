"""Script in people's words (S1) comes out as words, wherever they are shown; and texts made to stop the renderer (S19) do not stop the site."""

from typing import Any

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import select

from cocreate.boards.actions import edit_charter, edit_words
from cocreate.boards.inputs import EditCharter, EditWords
from cocreate.comments.actions import post_comment
from cocreate.comments.inputs import NewComment
from cocreate.commitments.actions import make_commitment
from cocreate.commitments.inputs import NewCommitment
from cocreate.core import markdown
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.core.markdown import TAGS, render
from cocreate.ideas.actions import answer_ideas, edit_idea, propose_idea
from cocreate.ideas.inputs import EditIdea, NewAnswer, NewIdea
from cocreate.listening.actions import give_response
from cocreate.listening.inputs import NewResponse
from cocreate.moderation.actions import report_thing
from cocreate.moderation.inputs import NewReport
from cocreate.notifications.reading import catch_up
from cocreate.people.actions import change_person, edit_organisation
from cocreate.people.inputs import ChangePerson, EditOrganisation
from cocreate.people.queries import site
from cocreate.statements.actions import accept_amendment, decline_amendment, suggest_amendment
from cocreate.statements.inputs import Decision, NewAmendment, Reason
from cocreate.statements.models import Statement
from cocreate.statements.queries import statement_as
from tests.attacks.scene import Scene, addresses
from tests.attacks.vectors import VECTORS, Elements, dangers
from tests.cast import Cast
from tests.faults.wire import Wire, request, token_of
from tests.sites import Site
from tests.stage import open_board

SCHEMES = ("http://", "https://", "mailto:", "/")
LENGTH = 10_000  # the longest text there is
HOSTILE = {
    "brackets": "[" * LENGTH,
    "images": "![" * (LENGTH // 2),
    "tags": "<a " * (LENGTH // 3),
    "open tags": "<" * LENGTH,
    "fence": "```" + " " * (LENGTH - 3),
    "backticks": " ".join("`" * n for n in range(1, 140))[:LENGTH],
    "strong": "**a" * (LENGTH // 3),
    "mixed": "*_" * (LENGTH // 2),
    "quotes": ">" * LENGTH,
    "nested quotes": "\n".join("> " * n + "x" for n in range(1, 90))[:LENGTH],
    "nested lists": "\n".join("    " * n + "- x" for n in range(1, 70))[:LENGTH],
    "links": "[a](" * (LENGTH // 4),
    "references": "[a]: x\n" * (LENGTH // 7),
    "addresses": "http://" * (LENGTH // 7),
    "at signs": "a@" * (LENGTH // 2),
    "strikes": "~~a" * (LENGTH // 3),
    "entities": "&#" * (LENGTH // 2),
    "escapes": "\\" * LENGTH,
    "comments": "<!--" * (LENGTH // 4),
    "rules": "- " * (LENGTH // 2),
}
SOUND = "**strong** " * 60  # longer than what is rendered in the process itself


def test_the_corpus_is_no_smaller() -> None:
    assert len(set(VECTORS)) == len(VECTORS) >= 120


@pytest.mark.parametrize(
    "planted",
    [
        "<script>x</script>", "<script src=//evil.example/x></script>", "<p onclick=x>", "<a href='java\nscript:x'>", "<p style=x>", "<iframe>",
        "<a id=clobber>", "<img src=//evil.example/x>", "<form action=//evil.example>", "<svg onload=x>", "<a href=//evil.example>", "<base>",
        "<meta http-equiv=refresh content=x>",
    ],
)  # fmt: skip
def test_a_planted_danger_is_seen(planted: str) -> None:
    assert dangers(f"<p>{planted}</p>")


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_markdown_lets_nothing_through(vector: str) -> None:
    """Alone and within other words, inside the process and by the child that renders long texts."""
    for text in (vector, f"before **{vector}** after", f"x\n\n{vector}\n\ny", f"> {vector}", f"- {vector}", f"{vector} " + "x" * 500):
        html = render(text)
        assert dangers(html) == []
        found = Elements(html)
        assert found.tags <= TAGS
        assert found.attributes <= {("a", "href"), ("a", "rel")}
        assert all(link.startswith(SCHEMES) and not link.startswith("//") for link in found.links), found.links


def test_links_say_what_they_are() -> None:
    html = render("[x](https://e.example) https://f.example me@g.example")
    assert html.count('rel="nofollow ugc noopener noreferrer"') == html.count("<a ") == 3


def said_everywhere(cast: Cast) -> Scene:
    """Every place that takes words, filled with the corpus: one idea for each text, its words changed once, so that there is a difference to show."""
    board = open_board("bait", cast.mona, kind="brand")
    ideas = []
    for number, vector in enumerate(VECTORS):
        given = NewIdea(title=f"{number} {vector}", body=vector, gives_people=vector, gives_organisation=vector, tags=[vector[:30]])
        made = propose_idea(cast.mona, board, given, render(vector))
        edit_idea(cast.mona, made, EditIdea(title=f"{vector} {number}", body=f"{vector} twice {vector}"), render(vector))
        comment = post_comment(cast.cleo, Ref("idea", made), NewComment(body=vector), render(vector))
        post_comment(cast.mona, Ref("idea", made), NewComment(body=vector, reply_to=comment), render(vector))
        response = give_response(cast.cleo, board, NewResponse(body=vector[:500], named=True))
        ideas.append((made, comment, response))
    answer_ideas(cast.mona, [made for made, *_ in ideas], NewAnswer(status="planned", body="".join(VECTORS)[:LENGTH]), render("\n\n".join(VECTORS)[:LENGTH]))
    statement = db.session.scalars(select(Statement.id).where(Statement.board_id == board)).one()
    last = 0
    for number, vector in enumerate(VECTORS):
        before = statement_as(cast.mona, statement).sentences[0] if number % 3 == 0 else ""
        cites = [f"response:{ideas[number][2]}"]
        last = suggest_amendment(cast.mona, statement, NewAmendment(before=before, after=f"{number} {vector}.", reason=vector, credit=True, cites=cites))
        if number % 3 == 0:
            accept_amendment(cast.mona, last, Decision(reason=vector, adopt=True))
        elif number % 3 == 1:
            decline_amendment(cast.mona, last, Reason(reason=vector))
    odd = '"><img src=x onerror=__x()>'
    edit_words(cast.mona, board, EditWords(title=odd, question=odd, line=odd, objective=odd, context="\n\n".join(VECTORS)[:4000], looking_back=odd))
    edit_charter(cast.mona, board, EditCharter(open=odd, not_open=odd, decides=odd, method=odd, text="\n\n".join(VECTORS)[:LENGTH]))
    promise = make_commitment(cast.mona, board, NewCommitment(text=odd, due=site().today()))
    made, comment, response = ideas[0]
    report_thing(cast.piet, Ref("idea", made), NewReport(reason="".join(VECTORS)[:500]))
    change_person(cast.ada, cast.cleo.id, ChangePerson(name="<svg/onload=__x()>", team="</a><script>__x()</script>"))
    change_person(cast.ada, cast.mona.id, ChangePerson(name="'\"><img src=x onerror=__x()>"))
    labels: Any = {"customer": {"one": "<i>a</i>", "many": "<script>__x()"}}
    edit_organisation(cast.ada, EditOrganisation(name="</title><script>__x()</script>", sentence=odd, labels=labels))
    ids = {"idea": made, "comment": comment, "response": response, "amendment": last, "statement": statement, "commitment": promise}
    return Scene("bait", ids)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_page_lets_anything_through(app: Flask, cast: Cast, client_of: Any) -> None:
    """Every address there is, as each of four people; every idea, with its history and its difference."""
    scene = said_everywhere(cast)
    catch_up()
    pages = 0
    for person in (cast.cleo, cast.mona, cast.mira, cast.ada):
        client = client_of(person)
        ideas = [f"/ideas/{number}{part}" for number in range(1, len(VECTORS) + 1) for part in ("", "/history")] if person is cast.mira else []
        lists = [f"/boards/bait?q={n}" for n in ("onerror", "script")] + [f"/boards/bait/ideas/new?title={escape(VECTORS[6])}&body={escape(VECTORS[1])}"]
        for path in [*(address.path for address in addresses(app, scene)), *ideas, *lists]:
            answer = client.get(path)
            assert answer.status_code < 500, path
            if answer.mimetype == "text/html":
                assert dangers(answer.text) == [], path
                pages += answer.status_code == 200
    assert pages > 300
    words_in_json(client_of(cast.cleo))


def words_in_json(client: Any) -> None:
    """A04: what a call answers is never read as HTML; it gives the words as they are, and the HTML made of them clean."""
    for path in ("/api/v1/boards/bait/ideas?limit=100", "/api/v1/boards/bait", "/api/v1/boards/bait/responses", "/api/v1/boards/bait/statement", "/api/v1/me"):
        answer = client.get(path)
        assert answer.mimetype == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    idea = client.get("/api/v1/ideas/1").json
    assert "<script>" in idea["title"]
    assert dangers(idea["body_html"]) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_comes_back_in_a_form_is_words(app: Flask, cast: Cast, client_of: Any) -> None:
    """A form that was refused shows what was typed; so does the page that asks to sign in, and the one that keeps words that could not be sent."""
    open_board("bait", cast.mona)
    for client in (client_of(cast.cleo), client_of(cast.visitor)):
        for vector in VECTORS:
            fields = {"title": "", "body": vector, "gives_people": vector, "gives_organisation": vector * 20, "tags": vector}
            answer = client.post("/boards/bait/ideas/new", data=fields, follow_redirects=True)
            assert dangers(answer.text) == []
            assert dangers(client.get(f"/sign-in?next={vector}").text) == []


SCRIPT = """() => { for (const element of document.querySelectorAll("main *"))
    for (const name of ["mouseover", "focus", "blur", "toggle", "animationstart", "click", "error", "load", "begin", "start"])
      if (!(name === "click" && element.closest("a, button, summary, label, input, form"))) element.dispatchEvent(new Event(name, {bubbles: false})); }"""


def test_in_a_browser_nothing_runs(start_site: Any, page_of: Any) -> None:
    """With the policy off, so that it does not hide a broken cleaner; and with it on, when there is nothing for it to refuse."""
    site: Site = start_site()
    with site.app.app_context():
        scene = said_everywhere(site.cast)
        catch_up()
        db.engine.dispose()
    ideas = [f"/ideas/{number}" for number in range(1, len(VECTORS) + 1, 10)]
    parts = [f"/ideas/{scene.ids['idea']}/history", f"/statements/{scene.ids['statement']}", f"/statements/{scene.ids['statement']}/versions"]
    lists = [f"/boards/bait{part}" for part in ("", "?sort=new", "/words", "/how", "/history")] + ["/changes", "/queue", "/promise", "/", "/inbox"]
    for bypass_csp, paths in ((True, [*lists, *parts, *ideas]), (False, [*lists, *parts, ideas[0]])):
        page = page_of(site, site.cast.mira, bypass_csp=bypass_csp)
        refused: list[str] = []
        watch(page, refused)
        for path in paths:
            page.goto(path, wait_until="load")
            page.evaluate(SCRIPT)
            assert page.evaluate("window.__hit") == 0, path
            assert page.evaluate("typeof window.clobber") == "undefined", path
        assert refused == []


def watch(page: Any, refused: list[str]) -> None:
    """Note what the policy refuses, what asks something of the person, and what goes elsewhere; count what calls __x()."""
    page.on("console", lambda message: refused.append(message.text) if "Content Security Policy" in message.text else None)
    page.on("dialog", lambda dialog: refused.append(dialog.message))
    page.on("request", lambda asked: refused.append(asked.url) if "evil.example" in asked.url else None)
    page.add_init_script("window.__hit = 0; window.__x = () => { window.__hit += 1; };")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_comes_back_as_words(name: str) -> None:
    """Rendered, or as plain paragraphs where the child did not end in time; and the next text finds a child that works."""
    html = render(HOSTILE[name])
    assert html
    assert dangers(html) == []
    assert Elements(html).tags <= TAGS
    assert render(SOUND).count("<strong>strong</strong>") == 60


def test_a_child_that_hangs_is_replaced() -> None:
    render(SOUND)
    first = markdown._child
    assert first is not None
    assert render(HOSTILE["brackets"]) == f"<p>{HOSTILE['brackets']}</p>"
    assert first.poll() is not None
    assert render(SOUND).count("<strong>") == 60
    second = markdown._child
    assert second is not None
    assert second is not first
    assert second.poll() is None


def test_a_child_that_was_killed_is_replaced() -> None:
    render(SOUND)
    assert markdown._child is not None
    markdown._child.kill()
    markdown._child.wait()
    assert render(SOUND).count("<strong>") == 60


def test_others_are_answered_meanwhile(serving: Site) -> None:
    """In the real process: while a hostile idea is being rendered, everybody else is served."""
    with serving.app.app_context():
        open_board("here", read_public=True)
        db.engine.dispose()
    token, slow, quick = token_of(serving, serving.cast.cleo), Wire(serving), Wire(serving)
    assert quick.ask(request(serving, "GET", "/boards/here")).status == 200
    body = {"title": "Slow", "body": HOSTILE["brackets"]}
    slow.send(request(serving, "POST", "/api/v1/boards/here/ideas", body, token))
    assert quick.ask(request(serving, "POST", "/api/v1/boards/here/ideas", {"title": "Quick"}, token)).status == 201
    answers = [quick.ask(request(serving, "GET", path)).status for path in ("/healthz", "/boards/here", "/api/v1/boards/here/ideas") * 2]
    assert answers == [200] * 6
    made = slow.answer()
    assert made.status == 201
    assert made.json["body_html"] == f"<p>{HOSTILE['brackets']}</p>"
    ids = [each["title"] for each in quick.ask(request(serving, "GET", "/api/v1/boards/here/ideas?sort=new")).json["items"]]
    assert ids == ["Slow", "Quick"], "what came later was done before"
