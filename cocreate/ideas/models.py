"""Ideas, their earlier texts, their tags and their answers."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cocreate.core.db import UTCDateTime, db
from cocreate.people.models import one_of

STATUSES = ("open", "considering", "planned", "doing", "done", "declined", "merged", "withdrawn")
SHOWN_STATES = ("shown", "held", "hidden")


class Idea(db.Model):
    """A titled proposal. `state` is for moderators (shown, held, hidden); `status` is what became of it."""

    __tablename__ = "ideas"
    __table_args__ = (
        one_of("status", STATUSES),
        one_of("state", SHOWN_STATES),
        Index("ix_ideas_list", "board_id", "state", "id"),
        UniqueConstraint("board_id", "external_id"),
    )
    __unlogged_columns__ = frozenset({"comment_count"})

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    gives_people: Mapped[str] = mapped_column(String(300), default="")
    gives_organisation: Mapped[str] = mapped_column(String(300), default="")
    status: Mapped[str] = mapped_column(String(12), default="open")
    state: Mapped[str] = mapped_column(String(8), default="shown")
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"), index=True)
    status_before: Mapped[str | None] = mapped_column(String(12))
    text_version: Mapped[int] = mapped_column(default=1)
    comment_count: Mapped[int] = mapped_column(default=0)
    answer_due: Mapped[date | None] = mapped_column(index=True)
    heard_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"))
    external_id: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)


class IdeaText(db.Model):
    """An earlier text of an idea, as it stood until `until`. What it gives whom is null where it was not kept yet."""

    __tablename__ = "idea_texts"

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    text_version: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    gives_people: Mapped[str | None] = mapped_column(String(300))
    gives_organisation: Mapped[str | None] = mapped_column(String(300))
    until: Mapped[datetime] = mapped_column(UTCDateTime)


class Tag(db.Model):
    """A word that an idea carries."""

    __tablename__ = "tags"
    __table_args__ = (Index("ix_tags_board", "board_id", "name"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))


class Answer(db.Model):
    """A host's answer with status and reason. Several ideas may point at one; an idea's earlier answers stay."""

    __tablename__ = "answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    status: Mapped[str] = mapped_column(String(12))
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
