"""Links."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cocreate.core.db import UTCDateTime, db
from cocreate.people.models import one_of

RELATIONS = ("evidence", "became")


class Link(db.Model):
    """`evidence`: the words of `from` are cited by `to`. `became`: `from` lives on in `to`."""

    __tablename__ = "links"
    __unlogged__ = "made only together with the thing that cites, whose event carries the ids"
    __table_args__ = (
        one_of("relation", RELATIONS),
        UniqueConstraint("from_kind", "from_id", "relation", "to_kind", "to_id"),
        Index("ix_links_to", "to_kind", "to_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_kind: Mapped[str] = mapped_column(String(12))
    from_id: Mapped[int]
    relation: Mapped[str] = mapped_column(String(10))
    to_kind: Mapped[str] = mapped_column(String(12))
    to_id: Mapped[int]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
