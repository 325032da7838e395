"""Each person's stance on a thing, and the tally of each thing. Rows with a version, not history."""

from datetime import datetime

from sqlalchemy import JSON, Computed, Float, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cocreate.core.db import UTCDateTime, db
from cocreate.people.groups import GROUPS
from cocreate.people.models import one_of

AGREE, PASS, DISAGREE = 1, 0, -1


class Stance(db.Model):
    """One person's stance on one thing: 1 agree, 0 not sure, -1 disagree, null withdrawn. It keeps the group the person had.
    No time is kept, so that nobody can be found by it."""

    __tablename__ = "stances"
    __unlogged__ = "secret: the log would say who thought what; the tally's version counts the steps"
    __table_args__ = (one_of("group", GROUPS),)

    subject_kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    stance: Mapped[int | None] = mapped_column(SmallInteger)
    group: Mapped[str] = mapped_column(String(12))


class Tally(db.Model):
    """The counts of one thing. `counts` is by group ({"customer": [agree, pass, disagree]}); `cells` is what may be shown
    ([[["customer"], agree, pass, disagree], …]) or null; the other columns sort lists."""

    __tablename__ = "tallies"
    __unlogged__ = "renewed with each stance; its version counts the steps"
    __table_args__ = (
        *(Index(f"ix_tallies_{rank}", "board_id", "subject_kind", rank, "subject_id") for rank in ("voices", "support", "common_rank", "contested_rank")),
        Index("ix_tallies_fresh", "board_id", "tally_at"),
    )

    subject_kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    version: Mapped[int] = mapped_column(default=0)
    voices: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, list[int]]] = mapped_column(JSON, default=dict)
    cells: Mapped[list[list[object]] | None] = mapped_column(JSON)
    support: Mapped[int] = mapped_column(default=0)
    common_ground: Mapped[float | None] = mapped_column(Float)
    contested: Mapped[float | None] = mapped_column(Float)
    # By these a list is ordered: what has no rank stands last, on both databases.
    common_rank: Mapped[float] = mapped_column(Float, Computed("coalesce(common_ground, -1)"))
    contested_rank: Mapped[float] = mapped_column(Float, Computed("coalesce(contested, -1)"))
    unshown: Mapped[int] = mapped_column(default=0)
    tally_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Participant(db.Model):
    """Who has a stance on something of a board, so that they can be counted however many stances there are."""

    __tablename__ = "participants"
    __unlogged__ = "follows from the stances"

    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class Picture(db.Model):
    """Safe dissent: what was last shown of a thing while just these were joined with it. `family` are their ids, its own first; `cells` as in a tally;
    `voices` are the people who were counted then, by group: {"customer": [[who agreed], [who was not sure], [who disagreed]]}."""

    __tablename__ = "pictures"
    __unlogged__ = "secret, as stances are; renewed with its tally"

    subject_kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    family: Mapped[str] = mapped_column(Text, primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), index=True)
    cells: Mapped[list[list[object]]] = mapped_column(JSON)
    voices: Mapped[dict[str, list[list[int]]]] = mapped_column(JSON)
