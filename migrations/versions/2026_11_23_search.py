"""What people wrote is found by an index of its words: ideas, comments, answers and statements. The words that ideas kept for it themselves go."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WORDS = re.compile(r"\w+")
LONGEST = 255
BATCH = 500
TEXTS = {
    "idea": "SELECT id, board_id, title || ' ' || body AS text, created_at AS at FROM ideas",
    "comment": "SELECT id, board_id, body AS text, created_at AS at FROM comments",
    "answer": "SELECT id, board_id, body AS text, at FROM answers",
    "statement": "SELECT statements.id, board_id, title || ' ' || text AS text, created_at AS at FROM statements"
    " JOIN versions ON versions.statement_id = statements.id AND versions.number = statements.version",
}
# The words are folded already: what is left to SQLite is to cut them apart at spaces.
SQLITE = (
    "CREATE VIRTUAL TABLE search_index USING fts5("
    "words, content='search_texts', content_rowid='id', tokenize=\"ascii tokenchars '_'\", detail='none', columnsize=0)"
)
FILL = "INSERT INTO search_index (search_index) VALUES ('rebuild')"
POSTGRESQL = "CREATE INDEX search_index ON search_texts USING gin (array_to_tsvector(string_to_array(words, ' ')))"


def upgrade() -> None:
    table = op.create_table(
        "search_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_search_texts_board_id_boards")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_texts")),
        sa.UniqueConstraint("subject_kind", "subject_id", name=op.f("uq_search_texts_subject_kind_subject_id")),
    )
    op.create_index("ix_search_texts_board", "search_texts", ["board_id", "subject_kind"], unique=False)
    connection = op.get_bind()
    rows = list(_texts(connection))
    for start in range(0, len(rows), BATCH):
        op.bulk_insert(table, rows[start : start + BATCH])
    for statement in (SQLITE, FILL) if connection.dialect.name == "sqlite" else (POSTGRESQL,):
        connection.exec_driver_sql(statement)
    op.drop_column("ideas", "search")


def _texts(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """The words of everything there is, the oldest first: what is found is shown in this order, the newest on top."""
    found = [(row.at, kind, row) for kind, query in TEXTS.items() for row in connection.execute(sa.text(query))]
    for _at, kind, row in sorted(found, key=lambda each: (each[0], each[1], each[2].id)):
        words = " ".join(dict.fromkeys(word[:LONGEST] for word in WORDS.findall(_folded(row.text))))
        yield {"subject_kind": kind, "subject_id": row.id, "board_id": row.board_id, "words": words}


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def downgrade() -> None:
    op.add_column("ideas", sa.Column("search", sa.Text(), nullable=False, server_default=""))
    kept = "SELECT ' ' || words || ' ' FROM search_texts WHERE subject_kind = 'idea' AND subject_id = ideas.id"
    op.execute(sa.text(f"UPDATE ideas SET search = ({kept})"))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(sa.text("DROP TABLE search_index"))
    else:
        op.alter_column("ideas", "search", server_default=None)
    op.drop_index("ix_search_texts_board", table_name="search_texts")
    op.drop_table("search_texts")
