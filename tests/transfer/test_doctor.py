"""The doctor finds what is broken, names it, and mends what can be counted again."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import text

from cocreate.core.db import db
from cocreate.eventlog.record import unguarded
from cocreate.ideas.curation_actions import merge_idea
from cocreate.stances.actions import cast_stance
from cocreate.transfer.doctor import examine
from tests.cast import Cast
from tests.stage import an_idea, crowd
from tests.stances.test_casting import open_board


@contextmanager
def by_hand() -> Iterator[None]:
    """Change rows behind the site's back."""
    db.session.rollback()
    with unguarded("a test breaks something"):
        yield
        db.session.commit()


@pytest.fixture
def site(app: Flask, cast: Cast) -> Flask:
    board_id = open_board()
    ref = an_idea(cast.emil, board_id)
    for person in crowd("customer", 4):
        cast_stance(person, ref, 1)
    assert not any(examine().values())
    return app


BREAKAGES = {
    "tallies participants": ["DELETE FROM stances"],
    "participants": ["DELETE FROM participants", "INSERT INTO participants (board_id, person_id) VALUES (1, 1)"],
    "tallies": ["UPDATE tallies SET voices = 9", "UPDATE tallies SET counts = '{\"customer\": [3, 1, 0]}'"],
    "streams": ["UPDATE events SET kind = 'idea.edited' WHERE kind = 'idea.proposed'", "DELETE FROM events WHERE seq = 1", "UPDATE streams SET seq = seq + 1"],
    "rows": ["INSERT INTO links (id, from_kind, from_id, relation, to_kind, to_id, made_at) VALUES (1, 'idea', 1, 'became', 'idea', 9, '2026-11-23')"],
    "comments": ["UPDATE ideas SET comment_count = 3"],
    "migrations": ["UPDATE alembic_version SET version_num = '0000'"],
}


@pytest.mark.parametrize(("check", "statement"), [(check, statement) for check, statements in BREAKAGES.items() for statement in statements])
def test_what_is_broken_is_named(site: Flask, check: str, statement: str) -> None:
    with by_hand():
        db.session.execute(text(statement))
    assert [name for name, found in examine().items() if found] == check.split()
    result = site.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    assert result.output.startswith(f"{check.split()[0]}: ")


def test_repair_counts_anew_and_leaves_the_log_alone(site: Flask) -> None:
    with by_hand():
        db.session.execute(text("UPDATE tallies SET voices = 9, counts = '{}'"))
        db.session.execute(text("UPDATE ideas SET comment_count = 3"))
        db.session.execute(text("DELETE FROM participants WHERE person_id = (SELECT max(person_id) FROM participants)"))
        db.session.execute(text("INSERT INTO participants (board_id, person_id) VALUES (1, 1)"))
    assert site.test_cli_runner().invoke(args=["doctor"]).exit_code == 1
    assert site.test_cli_runner().invoke(args=["doctor", "--repair", "--json"]).exit_code == 0
    assert not any(examine().values())


def test_repair_clears_what_counts_where_it_was_joined(site: Flask, cast: Cast) -> None:
    ideas = [an_idea(cast.emil, 1, title) for title in ("One", "Other")]
    merge_idea(cast.organisation, ideas[0].id, ideas[1].id)
    with by_hand():
        db.session.execute(text("UPDATE tallies SET voices = 1, counts = '{\"customer\": [1, 0, 0]}' WHERE subject_id = :id"), {"id": ideas[0].id})
    assert [name for name, found in examine().items() if found] == ["tallies"]
    assert site.test_cli_runner().invoke(args=["doctor", "--repair"]).exit_code == 0
    assert not any(examine().values())


def test_what_points_at_nothing_is_named_and_stops_no_repair(site: Flask) -> None:
    with by_hand():
        db.session.execute(text("DELETE FROM ideas"))
    result = site.test_cli_runner().invoke(args=["doctor", "--repair"])
    assert result.exit_code == 1
    assert [line.split(" rows")[0] for line in result.output.splitlines()] == ["rows: stances.subject: 4", "rows: tallies.subject: 1"]
