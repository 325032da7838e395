"""Reading tallies and one's own stances; nobody else's stance is ever read."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, bindparam, func, select
from typing_extensions import TypedDict

from cocreate.boards.standing import BoardFacts
from cocreate.core.db import ask, db
from cocreate.core.ids import Ref
from cocreate.people.groups import Group
from cocreate.people.viewer import Anyone
from cocreate.stances.cells import Cell, read_cells, waiting
from cocreate.stances.models import Participant, Stance, Tally
from cocreate.stances.votables import Votable
from cocreate.stances.words import sentence

StanceWord = Literal["agree", "disagree", "pass"]
WORDS: dict[int, StanceWord] = {1: "agree", 0: "pass", -1: "disagree"}
NUMBERS: dict[str, int] = {word: number for number, word in WORDS.items()}

TALLY_COLUMNS = (Tally.version, Tally.voices, Tally.counts, Tally.cells, Tally.common_ground, Tally.contested, Tally.unshown, Tally.support)

_OWN = select(Stance.subject_id, Stance.stance, Stance.group).where(
    Stance.subject_kind == bindparam("kind"), Stance.subject_id.in_(bindparam("family", expanding=True)), Stance.person_id == bindparam("person")
)

Counts = TypedDict("Counts", {"agree": int, "disagree": int, "pass": int})
CellCounts = TypedDict("CellCounts", {"groups": list[Group], "agree": int, "disagree": int, "pass": int})


class Weighed(TypedDict):
    """What people think of a thing: `voices` is the number of stances; `tallies` are the cells that may be shown, and `total` their sum."""

    version: int
    voices: int
    tallies: list[CellCounts] | None
    total: Counts | None
    common_ground: float | None
    contested: float | None


@dataclass(frozen=True)
class TallyView:
    """A tally as it may be shown."""

    version: int
    voices: int
    cells: list[Cell] | None
    waiting: dict[Group, int]
    common_ground: float | None
    contested: float | None
    unshown: int
    part: tuple[Group, ...]

    @property
    def sentence(self) -> str:
        return sentence(self.cells, self.voices, self.part)

    def as_json(self) -> Weighed:
        """The fields of an idea and of the `tally` message."""
        cells = self.cells
        total: Counts | None = None
        tallies: list[CellCounts] | None = None
        if cells is not None:
            total = {"agree": sum(c.agree for c in cells), "disagree": sum(c.disagree for c in cells), "pass": sum(c.passes for c in cells)}
            tallies = [{"groups": list(c.groups), "agree": c.agree, "disagree": c.disagree, "pass": c.passes} for c in cells]
        return {
            "version": self.version,
            "voices": self.voices,
            "tallies": tallies,
            "total": total,
            "common_ground": self.common_ground,
            "contested": self.contested,
        }


def tally_view(row: Any, board: BoardFacts) -> TallyView:
    """From a row with TALLY_COLUMNS."""
    cells = read_cells(row.cells)
    # Without a tally nobody's group is told: who is in would say who thinks what once two are in.
    waits = waiting({group: tuple(counts) for group, counts in row.counts.items()}, cells, board.part_groups)
    return TallyView(row.version, row.voices, cells, waits if not row.unshown else {}, row.common_ground, row.contested, row.unshown, board.part_groups)


def tally_of(ref: Ref, board: BoardFacts) -> TallyView:
    row = db.session.execute(select(*TALLY_COLUMNS).where(Tally.subject_kind == ref.kind, Tally.subject_id == ref.id)).one()
    return tally_view(row, board)


def own_stances(viewer: Anyone, kind: str, ids: list[int]) -> dict[int, StanceWord]:
    """The viewer's own stances in words, by thing; things without one are left out."""
    if viewer.id is None or not ids:
        return {}
    query = select(Stance.subject_id, Stance.stance).where(Stance.subject_kind == kind, Stance.subject_id.in_(ids), Stance.person_id == viewer.id)
    return {row.subject_id: WORDS[row.stance] for row in db.session.execute(query) if row.stance is not None}


def own_rows(person_id: int, thing: Votable) -> list[Any]:
    """A person's stances on a thing and on what was joined with it: rows of subject_id, stance, group, the one that counts first."""
    rows = ask(_OWN, {"kind": thing.ref.kind, "family": thing.family, "person": person_id})
    return sorted(rows, key=lambda row: (row.subject_id != thing.ref.id, row.subject_id))


def own_stance(viewer: Anyone, thing: Votable) -> StanceWord | None:
    """The viewer's own stance in a word, also where it was given on something joined with this."""
    own = own_rows(viewer.id, thing) if viewer.id is not None else []
    return WORDS.get(own[0].stance) if own else None


def weighed_most(board_id: int, most: int) -> ColumnElement[int]:
    """The stances on those of a board's ideas that were weighed most, on so many of them. That these are `most` or more says that on all of them are, however
    many ideas there are."""
    ranked = select(Tally.voices).where(Tally.board_id == board_id, Tally.subject_kind == "idea").order_by(Tally.voices.desc()).limit(most).subquery()
    return select(func.coalesce(func.sum(ranked.c.voices), 0)).scalar_subquery()


def voice_counts(board_ids: list[int]) -> dict[int, int]:
    """How many people have a stance on something of each board."""
    query = select(Participant.board_id, func.count()).where(Participant.board_id.in_(board_ids)).group_by(Participant.board_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def wrong_participants() -> list[Any]:
    """Who is counted on a board without a stance there, or has one and is not counted: rows of board_id, person_id, is_counted."""
    weighed = (Tally.subject_kind == Stance.subject_kind) & (Tally.subject_id == Stance.subject_id)
    real = select(Tally.board_id, Stance.person_id).join(Stance, weighed).where(Stance.stance.is_not(None))
    counted = select(Participant.board_id, Participant.person_id)
    lists = ((real.except_(counted).subquery(), False), (counted.except_(real).subquery(), True))
    return [(row.board_id, row.person_id, is_counted) for found, is_counted in lists for row in db.session.execute(select(found))]
