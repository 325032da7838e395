"""The migrations make what the models say, on both databases, and can be run by two processes at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import select, text

from cocreate.comments.actions import post_comment
from cocreate.comments.inputs import NewComment
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.ideas.actions import answer_ideas, edit_idea
from cocreate.ideas.inputs import EditIdea, NewAnswer
from cocreate.people.viewer import Organisation
from cocreate.search.inputs import Search
from cocreate.search.queries import search
from cocreate.stances.actions import cast_stance
from cocreate.stances.models import Picture, Tally
from cocreate.transfer.doctor import orphans, wrong_search, wrong_tallies
from cocreate.transfer.import_actions import import_people
from tests.cast import Cast
from tests.databases import ROOT, run_flask, site_environment
from tests.stage import crowd, open_board, propose

MARKED = ((1, 1), (None, 1), (-1, -1), (0, None))  # stance, and what of it is shown


def test_the_models_are_migrated(app: Any) -> None:
    check(directory=str(ROOT / "migrations"))


def test_the_versions_are_one_line() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    assert len(scripts.get_heads()) == 1
    assert all(not isinstance(script.down_revision, tuple) for script in scripts.walk_revisions())


def test_two_starts_migrate_once(tmp_path: Path) -> None:
    environment = site_environment(tmp_path, f"sqlite:///{tmp_path}/both.sqlite3")
    with ThreadPoolExecutor() as pool:
        ends = list(pool.map(lambda _: run_flask(environment, "db", "upgrade"), range(2)))
    assert [end.returncode for end in ends] == [0, 0], "".join(end.stderr for end in ends)


def test_what_was_shown_on_boards_with_safe_dissent_outlives_its_migration(app: Any, cast: Cast) -> None:
    """0002 makes pictures of the marks that stances had, and marks of pictures: what was shown stays, what waits goes on waiting for three."""
    board = open_board("safe", cast.mona, safe_dissent=True)
    people = crowd("customer", 6)
    idea = Ref("idea", propose(cast.emil, board, "Lend a bike"))
    for person, stance in zip(people, (1, 1, -1, 0), strict=False):
        cast_stance(person, idea, stance)
    cast_stance(people[1], idea, None)  # what was taken back is shown until three have changed something
    before = _shown(idea)
    assert before["voices"] == {"customer": [[people[0].id, people[1].id], [], [people[2].id]]}
    edit_idea(cast.emil, idea.id, EditIdea(title="Lend two"), "")
    _migrate(downgrade, "0001")
    marks = text("SELECT person_id, stance, shown FROM stances ORDER BY person_id")
    assert list(db.session.execute(marks)) == [(person.id, *each) for person, each in zip(people, MARKED, strict=False)]
    _migrate(upgrade, "head")
    assert _shown(idea) == before
    assert db.session.execute(text("SELECT title, gives_people FROM idea_texts")).all() == [("Lend a bike", None)]
    assert not list(wrong_tallies())
    assert db.session.scalar(text("SELECT count(*) FROM stances")) == 3
    cast_stance(people[5], idea, 1)
    assert _shown(idea)["cells"] == [[["customer"], 2, 1, 1]]
    check(directory=str(ROOT / "migrations"))


def test_what_is_there_is_found_after_its_migration(app: Any, cast: Cast) -> None:
    """0003 indexes what stands in the database, as the actions do for what comes; back and forth nothing is lost."""
    board = open_board("found", cast.mona, kind="brand")
    idea = propose(cast.emil, board, "Lend a Zürich bike", "𝐁ike " + "x" * 300)
    post_comment(cast.cleo, Ref("idea", idea), NewComment(body="İt's “so” good_2"), "")
    answer_ideas(cast.mona, [idea], NewAnswer(status="planned", body="自転車, soon"), "")
    before = _searched()
    assert len(before) == 4
    _migrate(downgrade, "0002")
    assert db.session.scalar(text("SELECT search FROM ideas")) == f" lend a zurich bike {'x' * 255} "
    _migrate(upgrade, "head")
    assert _searched() == before
    assert search(cast.cleo, Search(q="自転")).counts == {"answer": 1}
    db.session.rollback()
    edit_idea(cast.emil, idea, EditIdea(title="Lend two"), "")
    assert search(cast.cleo, Search(q="zurich")).items == []
    assert not list(wrong_search())
    check(directory=str(ROOT / "migrations"))


def _searched() -> dict[tuple[str, int], str]:
    found = {(row.subject_kind, row.subject_id): row.words for row in db.session.execute(text("SELECT * FROM search_texts"))}
    db.session.rollback()
    return found


def test_who_came_with_an_import_outlives_its_migration(app: Any) -> None:
    """0004 tells them by what they came with: back and forth, nobody comes twice, and a number stays another's on another board."""
    boards = [open_board("rivers"), open_board("lakes")]
    for board in boards:
        assert import_people(Organisation(), board, {"polis:4": "Participant 4"}, "customer") == 1
    _migrate(downgrade, "0003")
    kept = text("SELECT external_id FROM people WHERE external_id IS NOT NULL ORDER BY id")
    assert list(db.session.scalars(kept)) == [f"polis:4@board:{board}" for board in boards]
    _migrate(upgrade, "head")
    assert list(db.session.scalars(kept)) == ["polis:4", "polis:4"]
    for board in boards:
        assert import_people(Organisation(), board, {"polis:4": "Participant 4"}, "customer") == 0
    check(directory=str(ROOT / "migrations"))
    assert not list(orphans())


def test_who_takes_part_is_counted_after_its_migration(app: Any, cast: Cast) -> None:
    """0005 counts whoever has a stance that stands, once on each board."""
    boards = [open_board("rivers"), open_board("lakes")]
    ideas = [Ref("idea", propose(cast.emil, board, title)) for board in boards for title in ("One", "Two")]
    for person, idea, stance in ((cast.cleo, 0, 1), (cast.cleo, 1, 0), (cast.piet, 0, -1), (cast.piet, 3, 1), (cast.otto, 2, 1), (cast.otto, 2, None)):
        cast_stance(person, ideas[idea], stance)
    counted = text("SELECT board_id, person_id FROM participants ORDER BY board_id, person_id")
    expected = sorted([(boards[0], cast.cleo.id), (boards[0], cast.piet.id), (boards[1], cast.piet.id)])
    assert list(db.session.execute(counted)) == expected
    _migrate(downgrade, "0004")
    _migrate(upgrade, "head")
    assert list(db.session.execute(counted)) == expected
    check(directory=str(ROOT / "migrations"))


def _migrate(step: Any, revision: str) -> None:
    db.session.remove()
    db.engine.dispose()
    step(directory=str(ROOT / "migrations"), revision=revision)


def _shown(idea: Ref) -> dict[str, Any]:
    """What of the idea is shown, and of whom."""
    picture = db.session.execute(select(Picture.family, Picture.cells, Picture.voices).where(Picture.subject_id == idea.id)).one()
    tally = db.session.execute(select(Tally.cells.label("tallied"), Tally.unshown).where(Tally.subject_id == idea.id)).one()
    return {**picture._mapping, **tally._mapping}
