"""Who came with an import is told by what they came with, and there by the number they had elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AT = "@"  # without columns for it, what somebody came with stands behind their number: polis:12@board:3


def upgrade() -> None:
    # Not in a batch, which would make the table anew on SQLite, without its checks.
    op.add_column("people", sa.Column("origin_kind", sa.String(length=12), nullable=True))
    op.add_column("people", sa.Column("origin_id", sa.Integer(), nullable=True))
    connection = op.get_bind()
    kept = sa.text("UPDATE people SET external_id = :number, origin_kind = :kind, origin_id = :thing WHERE id = :id")
    for row in connection.execute(sa.text("SELECT id, external_id FROM people WHERE external_id LIKE '%@%:%'")).all():
        number, _at, thing = row.external_id.rpartition(AT)
        kind, _colon, id = thing.partition(":")
        connection.execute(kept, {"number": number, "kind": kind, "thing": int(id), "id": row.id})
    op.create_index("ix_people_origin", "people", ["origin_kind", "origin_id", "external_id"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_people_origin", table_name="people")
    op.execute(sa.text(f"UPDATE people SET external_id = external_id || '{AT}' || origin_kind || ':' || origin_id WHERE origin_id IS NOT NULL"))
    op.drop_column("people", "origin_id")
    op.drop_column("people", "origin_kind")
