"""Who is here just now, as each process last said it, so that all of them count everybody."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cocreate.core.db import UTCDateTime, db


class Presence(db.Model):
    """The people on one board who are connected to one process: {"7": "customer"}, and how many unknown. Rows older than a few seconds count for nothing."""

    __tablename__ = "presence"
    __unlogged__ = "coming and going is not a change of the site; gone seconds after the people are"

    process: Mapped[str] = mapped_column(String(32), primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("boards.id"), primary_key=True)
    people: Mapped[dict[str, str]] = mapped_column(JSON)
    anonymous: Mapped[int]
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
