"""What was last shown is kept beside the stances, for each thing alone and as joined; earlier texts of ideas keep what they give whom."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PLACES = (1, 0, -1)


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("subject_kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("voices", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_pictures_board_id_boards")),
        sa.PrimaryKeyConstraint("subject_kind", "subject_id", "family", name=op.f("pk_pictures")),
    )
    with op.batch_alter_table("pictures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pictures_board_id"), ["board_id"], unique=False)
    _move_what_was_shown(op.get_bind())
    # What was taken back stood on only for its mark; where nothing is joined it would hide nothing, and is gone as it would be now.
    joined = "SELECT id FROM ideas WHERE merged_into IS NOT NULL UNION SELECT merged_into FROM ideas WHERE merged_into IS NOT NULL"
    op.execute(sa.text(f"DELETE FROM stances WHERE stance IS NULL AND NOT (subject_kind = 'idea' AND subject_id IN ({joined}))"))
    # Not in a batch, which would make the table anew on SQLite, without its checks.
    op.drop_column("stances", "shown_group")
    op.drop_column("stances", "shown")
    op.add_column("idea_texts", sa.Column("gives_people", sa.String(length=300), nullable=True))
    op.add_column("idea_texts", sa.Column("gives_organisation", sa.String(length=300), nullable=True))


def _move_what_was_shown(connection: sa.Connection) -> None:
    """What is shown of each thing on boards with safe dissent becomes its picture; of what is joined with another, what it showed alone was not kept."""
    joined = _joined(connection)
    marks: dict[tuple[str, int], list[tuple[int, int, str]]] = {}
    for row in connection.execute(sa.text("SELECT subject_kind, subject_id, person_id, shown, shown_group FROM stances WHERE shown IS NOT NULL")):
        marks.setdefault((row.subject_kind, row.subject_id), []).append((row.person_id, row.shown, row.shown_group))
    tallies = sa.text("SELECT subject_kind, subject_id, board_id, cells FROM tallies JOIN boards ON boards.id = board_id WHERE safe_dissent")
    for row in connection.execute(tallies.columns(cells=sa.JSON())).all():
        if row.cells:
            family = [row.subject_id, *sorted(joined.get(row.subject_id, ()) if row.subject_kind == "idea" else ())]
            _keep(connection, row, family, [mark for id in reversed(family) for mark in marks.get((row.subject_kind, id), [])])


def _joined(connection: sa.Connection) -> dict[int, set[int]]:
    """By idea the ids of those that live on in it."""
    into = {row.id: row.merged_into for row in connection.execute(sa.text("SELECT id, merged_into FROM ideas WHERE merged_into IS NOT NULL"))}
    joined: dict[int, set[int]] = {}
    for id in into:
        head = into[id]
        while head in into:
            head = into[head]
        joined.setdefault(head, set()).add(id)
    return joined


def _keep(connection: sa.Connection, row: sa.Row, family: list[int], marks: list[tuple[int, int, str]]) -> None:
    shown = {group for groups, *_counts in row.cells for group in groups}
    voices: dict[str, list[list[int]]] = {}
    for person, (stance, group) in sorted({person: (stance, group) for person, stance, group in marks}.items()):
        if group in shown:
            voices.setdefault(group, [[], [], []])[PLACES.index(stance)].append(person)
    insert = sa.text("INSERT INTO pictures (subject_kind, subject_id, family, board_id, cells, voices) VALUES (:kind, :id, :family, :board, :cells, :voices)")
    values = {"kind": row.subject_kind, "id": row.subject_id, "family": ",".join(map(str, family)), "board": row.board_id}
    connection.execute(insert, values | {"cells": json.dumps(row.cells), "voices": json.dumps(voices)})


def downgrade() -> None:
    op.drop_column("idea_texts", "gives_organisation")
    op.drop_column("idea_texts", "gives_people")
    op.add_column("stances", sa.Column("shown", sa.SmallInteger(), nullable=True))
    op.add_column("stances", sa.Column("shown_group", sa.String(length=12), nullable=True))
    _mark_what_is_shown(op.get_bind())
    with op.batch_alter_table("pictures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pictures_board_id"))
    op.drop_table("pictures")


def _mark_what_is_shown(connection: sa.Connection) -> None:
    """The picture of what is joined now becomes marks on the stances again; what was taken back since has a row for its mark."""
    joined = _joined(connection)
    pictures = sa.text("SELECT subject_kind, subject_id, family, voices FROM pictures").columns(voices=sa.JSON())
    for row in connection.execute(pictures).all():
        family = [row.subject_id, *sorted(joined.get(row.subject_id, ()) if row.subject_kind == "idea" else ())]
        if row.family == ",".join(map(str, family)):
            for group, places in row.voices.items():
                for stance, people in zip(PLACES, places, strict=True):
                    for person in people:
                        _mark(connection, row.subject_kind, family, {"person": person, "shown": stance, "group": group})


def _mark(connection: sa.Connection, kind: str, family: list[int], shown: dict[str, object]) -> None:
    rows = f"subject_kind = '{kind}' AND subject_id IN ({', '.join(map(str, family))}) AND person_id = :person"
    if not connection.execute(sa.text(f"UPDATE stances SET shown = :shown, shown_group = :group WHERE {rows}"), shown).rowcount:
        columns = 'subject_kind, subject_id, person_id, "group", shown, shown_group'
        connection.execute(sa.text(f"INSERT INTO stances ({columns}) VALUES ('{kind}', {family[0]}, :person, :group, :shown, :group)"), shown)
