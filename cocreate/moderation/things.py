"""What is curated, of whatever kind. Pure."""

from dataclasses import dataclass
from datetime import datetime

from cocreate.core.ids import Ref


@dataclass(frozen=True)
class Curated:
    """A thing as whoever curates its board sees it. `state` is shown, held, hidden or withdrawn. `author_id` is None where the words are unnamed;
    then `group` is their group, if it may be told. `heading` and `text` are as typed, never HTML."""

    ref: Ref
    board_id: int
    heading: str
    text: str
    author_id: int | None
    group: str | None
    state: str
    at: datetime
