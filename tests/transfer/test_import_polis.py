"""`flask import polis`: a conversation becomes a board, whole, once, and in steps that can be broken off anywhere."""

import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from cocreate.boards.actions import move_board
from cocreate.boards.inputs import MoveBoard
from cocreate.boards.queries import board_as
from cocreate.core.db import db
from cocreate.core.errors import BadInput
from cocreate.eventlog.models import Event, Stream
from cocreate.eventlog.rooms import STAFF, board_room
from cocreate.ideas.actions import edit_idea
from cocreate.ideas.curation_actions import merge_idea
from cocreate.ideas.inputs import EditIdea
from cocreate.ideas.models import Idea
from cocreate.ideas.queries import idea_as, ideas_from
from cocreate.people.models import Person
from cocreate.people.viewer import Organisation
from cocreate.stances.models import Stance
from cocreate.transfer import importing
from cocreate.transfer.doctor import examine
from cocreate.transfer.importing import board_for, import_conversation
from cocreate.transfer.polis import read_conversation
from cocreate.transfer.rows import MOST_ROW, read_all
from tests.cast import Cast
from tests.databases import ROOT, Databases, site_environment
from tests.stage import open_board, rows_of

LONG = "Rivers that people swim in are looked after by those who swim in them, which is why each bathing place ought to have somebody whose name stands there."
SUMMARY = 'topic,Our rivers\nurl,https://example.org/1\nconversation-description,"Closed.\n\nThank you, ""all""."\n'
COMMENTS = f"""timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1500000003000,Fri Jul 14 02:40:03 2017,2,7,2,1,1,"Say ""no"" to waste,
and mean it"
1500000001500,Fri Jul 14 02:40:01 2017,0,4,3,0,0,  A clean  river
1500000001500,Fri Jul 14 02:40:01 2017,5,,0,0,1,"{LONG}"
1500000009000,Fri Jul 14 02:40:09 2017,3,9,1,0,-1,Buy my boat
"""
# 4 changes their mind twice, the last row of the same moment counts; 8 on 0 goes back in time: the earlier row is the later vote; nobody knows 99.
VOTES = """timestamp,datetime,comment-id,voter-id,vote
1500000005000,Fri,0,4,1
1500000006000,Fri,0,4,0
1500000006000,Fri,0,4,-1
1500000007000,Fri,0,8,1
1500000005000,Fri,0,8,-1
1500000005000,Fri,0,7,1

1500000005000,Fri,2,4,1
1500000005000,Fri,2,7,1
1500000005000,Fri,2,8,0
1500000005000,Fri,3,9,1
1500000005000,Fri,99,8,1
"""
PARTICIPANTS = """participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,2,3,5
4,0,1,2,1,1,-1,1,,
7,0,1,2,2,0,1,1,,
8,1,0,2,1,0,1,0,,
9,,1,1,1,0,,,1,
11,,0,0,0,0,,,,
"""
WHOLE = {"ideas": 4, "people": 5, "stances": 7}
NOTHING = {"ideas": 0, "people": 0, "stances": 0}
TABLES = ("boards", "people", "ideas", "stances", "events")

Run = Callable[..., Any]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """An export as the files are written by hand: with a mark at their beginning, and other line ends."""
    folder = tmp_path / "export"
    folder.mkdir()
    for name, words in (("summary", SUMMARY), ("comments", COMMENTS), ("votes", VOTES), ("participants-votes", PARTICIPANTS)):
        (folder / f"{name}.csv").write_text(words.replace("\n", "\r\n") if name != "votes" else words, encoding="utf-8-sig", newline="")
    return folder


@pytest.fixture
def run(app: Flask, export: Path) -> Run:
    """`import polis` on the export, as a shell runs it."""

    def run(*arguments: str) -> Any:
        done = app.test_cli_runner().invoke(args=["import", "polis", str(export), "--board", *arguments])
        db.session.rollback()  # what the test looks at next is what was committed
        return done

    return run


def told(done: Any) -> dict[str, Any]:
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def ideas_of(slug: str) -> list[Idea]:
    board = board_as(Organisation(), slug).board
    return list(db.session.scalars(select(Idea).where(Idea.board_id == board.id).order_by(Idea.id)))


def everything() -> dict[str, str]:
    return {table: rows_of(table) for table in TABLES}


def test_a_conversation_becomes_a_board(app: Flask, cast: Cast, run: Run, client_of: Any) -> None:
    made = told(run("rivers", "--json"))
    counts = {"ideas": 4, "hidden": 1, "people": 5, "stances": 7, "left_out": 1, "added": WHOLE}
    assert made == {"board": "rivers", "url": "http://localhost/boards/rivers", **counts}
    board = client_of(cast.emil).get("/api/v1/boards/rivers").json
    assert (board["title"], board["kind"], board["state"], board["safe_dissent"], board["idea_count"]) == ("Our rivers", "strategy", "open", False, 3)
    assert board["audience"] == {"read": ["management", "employee", "customer", "partner"], "take_part": ["customer"]}
    rows = ideas_of("rivers")
    cut = LONG[: LONG.index(" stands")] + "…"
    assert [(row.external_id, row.title, row.body, row.state, row.created_at.isoformat()) for row in rows] == [
        ("polis:0", "A clean river", "", "shown", "2017-07-14T02:40:01.500000+00:00"),
        ("polis:5", cut, LONG, "shown", "2017-07-14T02:40:01.500000+00:00"),
        ("polis:2", 'Say "no" to waste, and mean it', "", "shown", "2017-07-14T02:40:03+00:00"),
        ("polis:3", "Buy my boat", "", "hidden", "2017-07-14T02:40:09+00:00"),
    ]
    assert LONG in rows[1].body_html
    people = {row.id: row for row in db.session.scalars(select(Person).where(Person.origin_id == rows[0].board_id))}
    assert {(row.external_id, row.group, row.email, row.role) for row in people.values()} == {
        (f"polis:{number}", "customer", None, "member") for number in (4, 7, 8, 9, 11)
    }
    assert [people[row.author_id].external_id if row.author_id else None for row in rows] == ["polis:4", None, "polis:7", "polis:9"]
    stances = {(row.subject_id, people[row.person_id].external_id): row.stance for row in db.session.scalars(select(Stance))}
    first, _long, second, hidden = (row.id for row in rows)
    assert stances == {
        (first, "polis:4"): -1,
        (first, "polis:7"): 1,
        (first, "polis:8"): 1,
        (second, "polis:4"): 1,
        (second, "polis:7"): 1,
        (second, "polis:8"): 0,
        (hidden, "polis:9"): 1,
    }
    cells = client_of(cast.emil).get(f"/api/v1/ideas/{first}").json["tallies"]
    assert cells == [{"groups": ["customer"], "agree": 2, "disagree": 1, "pass": 0}]
    assert client_of(cast.emil).get(f"/ideas/{hidden}").status_code == 404
    page = client_of(cast.emil).get("/boards/rivers").text
    assert "A clean river" in page
    assert "Buy my boat" not in page
    assert "weighed by 5 people" in client_of(cast.emil).get("/boards/rivers/history").text
    assert not any(examine().values())


def test_again_it_adds_nothing_and_each_board_has_people_of_its_own(cast: Cast, run: Run) -> None:
    run("rivers")
    before = everything()
    again = told(run("rivers", "--title", "Another", "--kind", "brand", "--json"))
    assert (again["ideas"], again["added"]) == (4, NOTHING)
    assert everything() == before
    assert told(run("lakes", "--title", "Our lakes", "--kind", "product", "--json"))["added"] == WHOLE
    lakes = board_as(cast.emil, "lakes").board
    assert (lakes.title, lakes.kind) == ("Our lakes", "product")
    assert db.session.scalar(select(func.count()).where(Person.external_id == "polis:4")) == 2
    assert not any(examine().values())


def test_broken_off_anywhere_it_goes_on(cast: Cast, run: Run, export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time one step further; what is there at last is what an import in one go leaves, in steps that are no larger than they may be."""
    for name in ("PEOPLE_AT_ONCE", "IDEAS_AT_ONCE", "STANCES_AT_ONCE"):
        monkeypatch.setattr(importing, name, 2)
    monkeypatch.setattr(importing, "PAUSE", 0)
    found = read_conversation(export)
    steps = left = 0

    def until_killed(_done: int) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise KeyboardInterrupt

    while True:
        steps += 1
        left = steps
        try:
            import_conversation(board_for(export, "rivers", "strategy", None), found, until_killed)
            break
        except KeyboardInterrupt:
            assert not any(examine().values())
    assert steps == 11  # 3 of people, 2 of ideas, 2 + 2 + 1 of stances, each begun anew, and one that came to the end
    board = board_as(cast.emil, "rivers").board
    query = select(Event.kind, Event.data).join(Stream).where(Stream.name.in_([board_room(board.id), STAFF])).order_by(Event.id)
    log = [(row.kind, json.loads(row.data)) for row in db.session.execute(query.where(Event.kind.like("%.imported")))]
    ids = [row.id for row in ideas_of("rivers")]
    assert [data["people"] for kind, data in log if kind == "people.imported"] == [2, 2, 1]
    assert sorted(data["ideas"] for kind, data in log if kind == "ideas.imported") == [ids[:2], [ids[2]], [ids[3]]]
    assert log[-1] == ("board.imported", {"idea_count": 3, "people": 5})
    before = everything()
    assert told(run("rivers", "--json"))["added"] == NOTHING
    assert everything() == before
    assert db.session.scalar(select(func.count()).select_from(Stance)) == WHOLE["stances"]


def test_a_later_export_brings_what_is_new_and_leaves_alone_what_was_changed_here(cast: Cast, run: Run, export: Path) -> None:
    run("rivers")
    board = board_as(Organisation(), "rivers").board
    numbers = ideas_from(board.id)
    first, second, nobodys = (numbers[f"polis:{n}"] for n in (0, 2, 5))
    edit_idea(Organisation(), nobodys, EditIdea(title="Name who looks after it"), None)
    merge_idea(Organisation(), second, first)
    with (export / "votes.csv").open("a") as votes:
        votes.write("1600000000000,Sun,2,11,-1\n1600000000000,Sun,0,4,1\n")
    with (export / "comments.csv").open("a", newline="") as comments:
        comments.write("1600000000000,Sun,6,8,0,0,1,Plant trees\r\n")
    assert told(run("rivers", "--json"))["added"] == {"ideas": 1, "people": 0, "stances": 2}
    total = idea_as(cast.emil, first).tally.as_json()["total"]
    assert total == {"agree": 3, "disagree": 1, "pass": 0}  # 11 weighed what lives on in it
    assert idea_as(cast.emil, nobodys).title == "Name who looks after it"
    assert not any(examine().values())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_board_that_is_there_is_used_unless_it_is_closed(cast: Cast, run: Run, export: Path) -> None:
    (export / "summary.csv").unlink()
    nameless = run("rivers")
    assert (nameless.exit_code, nameless.stdout) == (1, "")
    assert nameless.stderr.startswith("Error: summary.csv: There is no such file")
    board = open_board("rivers", cast.mona, safe_dissent=True)
    assert told(run("rivers", "--json"))["added"] == WHOLE
    assert not any(examine().values())
    move_board(cast.mona, board, MoveBoard(state="closed"))
    closed = run("rivers")
    assert (closed.exit_code, closed.stderr.count("\n")) == (1, 1)
    assert "closed" in closed.stderr
    assert told(run("lakes", "--title", "Our lakes", "--json"))["added"] == WHOLE
    assert run("rivers", "--kind", "question").exit_code == 2
    assert run("rivers", "--colour", "blue").exit_code == 2


BROKEN: dict[str, tuple[str, Callable[[str], str | bytes], str]] = {
    "column": ("comments.csv", lambda words: words.replace("comment-id", "id"), "The first line names no column comment-id."),
    "empty": ("votes.csv", lambda _words: "", "The first line names no column timestamp, comment-id, voter-id, vote."),
    "short": ("votes.csv", lambda words: words + "1500000005000,Fri,0,4\n", "Line 14: 4 values stand where the first line names 5 columns."),
    "vote": ("votes.csv", lambda words: words + "1500000005000,Fri,0,4,2\n", "Line 14: vote is '2'; it is -1, 0 or 1."),
    "number": ("votes.csv", lambda words: words + "1500000005000,Fri,0,-4,1\n", "Line 14: voter-id is '-4'; it is a whole number."),
    "time": ("comments.csv", lambda words: words.replace("1500000009000", "Friday"), "Line 6: timestamp is 'Friday'; it is a time in milliseconds since 1970."),
    "moderated": ("comments.csv", lambda words: words.replace("0,-1,Buy", "0,no,Buy"), "Line 6: moderated is 'no'; it is -1, 0 or 1."),
    "wordless": ("comments.csv", lambda words: words.replace("Buy my boat", '" "'), "Line 6: A statement has 1 to 10000 characters."),
    "twice": ("comments.csv", lambda words: words + words.splitlines(keepends=True)[-1], "Line 7: Statement 3 is there twice."),
    "lone quote": ("comments.csv", lambda words: words.replace("Buy", '"Buy'), "Line 6: This is no row of a CSV file; look for a quotation mark"),
    "nul": ("votes.csv", lambda words: words.replace("Fri,99", "Fri\0,99"), "Line 13: This holds a character that cannot be kept."),
    "utf-16": ("votes.csv", lambda words: words.encode("utf-16"), "It is not text in UTF-8."),
    "latin": ("comments.csv", lambda words: words.encode().replace(b"Buy", b"\xdcber"), "It is not text in UTF-8."),
    "columns": ("participants-votes.csv", lambda words: words + "," * 1_000_000, f"Line 7: This row is longer than {MOST_ROW} characters"),
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_broken_is_refused_in_one_line_and_nothing_is_changed(run: Run, export: Path) -> None:
    before = everything()
    for case, (name, breaks, sentence) in BROKEN.items():
        whole = (export / name).read_bytes()
        changed = breaks(whole.decode("utf-8-sig").replace("\r\n", "\n"))
        (export / name).write_bytes(changed if isinstance(changed, bytes) else changed.encode())
        done = run("rivers")
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1), case
        assert done.stderr.startswith(f"Error: {name}: {sentence}"), (case, done.stderr)
        (export / name).write_bytes(whole)
    (export / "votes.csv").unlink()
    assert run("rivers").stderr == f"Error: votes.csv: There is no such file in {export}.\n"
    assert everything() == before


@pytest.mark.parametrize("bomb", [b"a" * 1_000_000, b'1,"' + b"a\n" * 500_000])
def test_a_row_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path, bomb: bytes) -> None:
    file = tmp_path / "bomb.csv"
    with file.open("wb") as written:
        for _part in range(50):
            written.write(bomb)
    tracemalloc.start()
    try:
        with pytest.raises(BadInput, match="Line 1: This row is longer"):
            list(read_all(file))
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_on_a_terminal_it_shows_how_far_it_is(export: Path, databases: Databases, tmp_path: Path) -> None:
    """And what it answers stays apart, for whoever reads that."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "flask", "--app", "app", "import", "polis", str(export), "--board", "rivers", "--json"]
    with databases.fresh("sqlite", tmp_path) as url:
        environment = {"PATH": os.defpath} | site_environment(tmp_path, url)
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=theirs, text=True) as process:
            os.close(theirs)
            shown = b"".join(iter(lambda: _read(ours), b"")).decode()
            answer = process.communicate(timeout=60)[0]
    os.close(ours)
    assert process.returncode == 0, shown
    assert json.loads(answer)["added"] == WHOLE
    assert "Our rivers" in shown
    assert "100%" in shown


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # as a terminal ends whose other side is closed
        return b""
