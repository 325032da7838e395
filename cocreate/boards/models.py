"""Boards, the versions of their charters, and who hosts and decides."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cocreate.boards.kinds import DUTIES, KINDS, STATES
from cocreate.core.db import UTCDateTime, db
from cocreate.people.models import one_of


class Board(db.Model):
    """One question. `starting` names the fields that still hold the kind's starting words. `read_public` lets anyone read."""

    __tablename__ = "boards"
    __table_args__ = (one_of("kind", KINDS), one_of("state", STATES))

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="draft", index=True)
    title: Mapped[str] = mapped_column(String(120))
    question: Mapped[str] = mapped_column(String(200))
    line: Mapped[str] = mapped_column(String(80), default="")
    objective: Mapped[str] = mapped_column(String(500), default="")
    context: Mapped[str] = mapped_column(Text, default="")
    context_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    starting: Mapped[list[str]] = mapped_column(JSON, default=list)
    read_public: Mapped[bool] = mapped_column(default=False)
    read_groups: Mapped[list[str]] = mapped_column(JSON)
    part_groups: Mapped[list[str]] = mapped_column(JSON)
    safe_dissent: Mapped[bool] = mapped_column(default=False)
    hold_first: Mapped[bool] = mapped_column(default=False)
    answer_days: Mapped[int] = mapped_column(default=14)
    is_open_table: Mapped[bool] = mapped_column(default=False)
    looking_back: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Charter(db.Model):
    """One version of how a board works: what is open, what is not, who decides and how, by when."""

    __tablename__ = "charters"
    __table_args__ = (UniqueConstraint("board_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    version: Mapped[int]
    open: Mapped[str] = mapped_column(String(500))
    not_open: Mapped[str] = mapped_column(String(500))
    decides: Mapped[str] = mapped_column(String(300))
    method: Mapped[str] = mapped_column(String(500))
    by: Mapped[date | None]
    text: Mapped[str] = mapped_column(Text, default="")
    starting: Mapped[list[str]] = mapped_column(JSON, default=list)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Host(db.Model):
    """A person's duty on a board: to host it, or to decide. Where nobody is named to decide, hosts do."""

    __tablename__ = "hosts"
    __table_args__ = (one_of("duty", DUTIES),)

    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    duty: Mapped[str] = mapped_column(String(8), primary_key=True)
