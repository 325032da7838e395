"""Comments."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cocreate.core.db import UTCDateTime, db
from cocreate.people.models import one_of

COMMENT_STATES = ("shown", "held", "hidden", "withdrawn")


class Comment(db.Model):
    """A reply to a thing, or to a comment on it; `reply_to` is always a comment that replies to none."""

    __tablename__ = "comments"
    __table_args__ = (one_of("state", COMMENT_STATES), Index("ix_comments_subject", "subject_kind", "subject_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int]
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    reply_to: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="shown")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
