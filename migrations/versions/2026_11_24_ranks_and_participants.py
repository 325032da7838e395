"""Lists are read in their order from an index, and who weighed something on a board is counted without reading every stance."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COMPUTED = {"common_rank": "coalesce(common_ground, -1)", "contested_rank": "coalesce(contested, -1)"}
RANKS = ("voices", "support", *COMPUTED)


def upgrade() -> None:
    op.create_table(
        "participants",
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_participants_board_id_boards")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_participants_person_id_people")),
        sa.PrimaryKeyConstraint("board_id", "person_id", name=op.f("pk_participants")),
    )
    op.create_index("ix_participants_person_id", "participants", ["person_id"])
    op.execute(
        sa.text(
            "INSERT INTO participants (board_id, person_id) SELECT DISTINCT tallies.board_id, stances.person_id FROM stances JOIN tallies"
            " ON tallies.subject_kind = stances.subject_kind AND tallies.subject_id = stances.subject_id WHERE stances.stance IS NOT NULL"
        )
    )
    op.drop_index("ix_tallies_common_ground", table_name="tallies")
    stored = op.get_bind().dialect.name == "postgresql" or None  # SQLite counts it when it is read, and keeps it in the index alone
    for rank, of in COMPUTED.items():
        op.add_column("tallies", sa.Column(rank, sa.Float(), sa.Computed(of, persisted=stored), nullable=False))
    for rank in RANKS:
        op.create_index(f"ix_tallies_{rank}", "tallies", ["board_id", "subject_kind", rank, "subject_id"])


def downgrade() -> None:
    for rank in RANKS:
        op.drop_index(f"ix_tallies_{rank}", table_name="tallies")
    for rank in COMPUTED:
        op.drop_column("tallies", rank)
    op.create_index("ix_tallies_common_ground", "tallies", ["board_id", "subject_kind", "common_ground"])
    op.drop_table("participants")
