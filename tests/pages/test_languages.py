"""Every word of every page can be translated: with a made-up language in which each sentence stands in ⟦ ⟧, no other words are left than people's own."""

import io
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from flask import Flask

from cocreate.ideas.actions import answer_ideas
from cocreate.ideas.inputs import NewAnswer
from cocreate.notifications.reading import catch_up
from cocreate.people.actions import edit_organisation
from cocreate.people.groups import GROUPS
from cocreate.people.inputs import EditOrganisation, Preferences
from cocreate.people.language_queries import languages
from cocreate.people.signin_actions import set_preferences
from tests.attacks.scene import SECRET, addresses, lay_scene
from tests.cast import PLACES, Cast
from tests.databases import ROOT
from tests.stage import open_board, propose

MADE_UP = "eo"
SAID = ("aria-label", "placeholder", "title", "alt", "content", "data-one", "data-few", "data-other", "data-copied")
SCENE = rf"{SECRET}(?:\s+(?:board|told first|first|body|idea|stands here now|reason|comment|words|promise))*"
SPLIT = r"You can reach someone who listens and who may decide\."  # the text is cut into sentences when it is made
OWN = re.compile("|".join([r"\w+@example\.org", SCENE, SPLIT, *map(str.capitalize, PLACES), "English", "Esperanto", "test "]))
MARK = re.compile(r'<span class="mark"[^>]*>.</span>')  # a group's first letter, which is here an opening bracket without its end
SILENT = ("script", "style", "svg", "code", "kbd", "time", "datalist")


def made_up_catalogue() -> Catalog:
    """Every sentence of the code, in ⟦ ⟧."""
    found = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    catalogue = Catalog(MADE_UP)
    for _file, _line, message, _comments, _context in extract_from_dir(ROOT, method_map=[(each["pattern"], each["method"]) for each in found]):
        forms = message if isinstance(message, tuple) else (message,)
        catalogue.add(message, [f"⟦{forms[-1]}⟧"] * catalogue.num_plurals if len(forms) > 1 else f"⟦{forms[0]}⟧")
    return catalogue


@pytest.fixture(scope="module")
def translations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("translations")
    made = io.BytesIO()
    write_mo(made, made_up_catalogue())
    file = folder / MADE_UP / "LC_MESSAGES" / "messages.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(made.getvalue())
    return folder


@pytest.fixture
def speaking(app: Flask, translations: Path) -> Flask:
    """The app with the made-up language beside English."""
    app.extensions["babel"].translation_directories[:] = [str(translations)]
    app.extensions.pop("cocreate_languages", None)
    return app


class Words(HTMLParser):
    """What a page says and shows, in text and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = 0
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.said += [value for name, value in attributes if name in SAID and value and tag != "meta"]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def left_over(page: str) -> set[str]:
    """The words that stand outside of ⟦ ⟧ and are nobody's own."""
    words = Words()
    words.feed(MARK.sub("", page))
    text = " \n".join(words.said)
    while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", " ", text)) != text:
        text = shorter
    return set(re.findall(r"[A-Za-z]{2,}[^\n]*", OWN.sub(" ", text)))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ["mona", "ada", "visitor"])
def test_no_page_has_words_that_cannot_be_translated(speaking: Flask, cast: Cast, client_of: Any, who: str) -> None:
    edit_organisation(cast.organisation, EditOrganisation(name="7", sentence="7", locale=MADE_UP))
    scene = lay_scene(cast.mona, cast.emil, groups=GROUPS, read_public=True)
    client = client_of(getattr(cast, who))
    found: dict[str, set[str]] = {}
    for address in addresses(speaking, scene):
        answer = client.get(address.path)
        if answer.status_code // 100 != 3 and answer.mimetype == "text/html":
            left = left_over(answer.text)
            if left:
                found[address.path] = left
    assert found == {}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_each_person_reads_and_hears_in_their_own_language(speaking: Flask, cast: Cast, client_of: Any, outbox: Any) -> None:
    board_id = open_board("fast", cast.mona)
    ideas = {person.id: propose(person, board_id, "Open early") for person in (cast.cleo, cast.emil)}
    cleo, emil = client_of(cast.cleo), client_of(cast.emil)
    assert languages() == ["en", MADE_UP]
    assert 'value="eo"' in cleo.get("/account").text
    cleo.post("/account", data={"name": "Cleo", "locale": MADE_UP})
    assert "⟦" in cleo.get("/boards").text
    assert "⟦" not in emil.get("/boards").text
    assert '<html lang="eo"' in cleo.get("/boards").text
    for idea in ideas.values():
        answer_ideas(cast.mona, [idea], NewAnswer(status="planned", body="From March"), "<p>From March</p>")
    catch_up()
    assert ["⟦" in outbox(person.email)[0].body for person in (cast.cleo, cast.emil)] == [True, False]
    edit_organisation(cast.organisation, EditOrganisation(name="7", locale=MADE_UP))
    assert "⟦" in emil.get("/boards").text
    set_preferences(cast.emil, Preferences(name="Emil", locale="tlh"))  # a language that nobody has words in
    assert "⟦" in emil.get("/boards").text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_goes_wrong_is_said_in_ones_own_language(speaking: Flask, cast: Cast, client_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it goes wrong before anybody asked who is there."""
    edit_organisation(cast.organisation, EditOrganisation(name="7"))
    set_preferences(cast.cleo, Preferences(name="Cleo", locale=MADE_UP))
    cleo, emil = client_of(cast.cleo), client_of(cast.emil)
    elsewhere = {"Sec-Fetch-Site": "same-site"}
    broken: list[tuple[int, Any]] = [
        (404, lambda client: client.get("/nowhere")),
        (404, lambda client: client.get("/nowhere\x00")),
        (404, lambda client: client.get("/boards/nowhere")),
        (400, lambda client: client.get("/changes?cursor=x")),
        (403, lambda client: client.post("/account", data={"name": "Cleo"}, headers=elsewhere)),
        (405, lambda client: client.post("/boards")),
        (500, lambda client: client.get("/why")),
    ]

    def breaks() -> str:
        raise RuntimeError

    monkeypatch.setitem(speaking.view_functions, "pages.why", breaks)
    for status, ask in broken:
        hers, his = ask(cleo), ask(emil)
        assert (hers.status_code, his.status_code) == (status, status), hers.text
        assert not [words for words in left_over(hers.text) if not words.startswith("cursor:")], status
        assert "⟦" not in his.text, status
