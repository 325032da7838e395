"""The words that things are found by."""

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cocreate.core.db import db


class SearchText(db.Model):
    """A thing's words as `search_words` gives them, with spaces between. The index `search_index` stands on this table: on PostgreSQL a GIN index, on SQLite an
    FTS5 table, which is written together with it, as a trigger may not where a schema is not trusted. The migrations make it; no model has it."""

    __tablename__ = "search_texts"
    __unlogged__ = "derived: written together with the words themselves, whose event tells of them"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id"), Index("ix_search_texts_board", "board_id", "subject_kind"))

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int]
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"))
    words: Mapped[str] = mapped_column(Text)
