"""How stances become what may be shown: cells of groups in which nobody can be singled out, common ground, contested. Pure.

The rules stand in docs/how-voices-are-counted.md. Counts are (agree, pass, disagree) by group."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import Any

from cocreate.people.groups import INSIDE, OUTSIDE, Group, in_order

LEAST = 3  # stances in a cell
CONTESTED_FROM = 5  # agree or disagree in each of two cells
Counts = Mapping[str, tuple[int, int, int]]


@dataclass(frozen=True)
class Cell:
    """Groups counted together, and their counts."""

    groups: tuple[Group, ...]
    agree: int
    passes: int
    disagree: int

    @property
    def count(self) -> int:
        return self.agree + self.passes + self.disagree

    @property
    def share(self) -> float:
        """The smoothed share of agrees among agree and disagree, between 0 and 1."""
        return (self.agree + 1) / (self.agree + self.disagree + 2)


def partition(counts: Counts, part: Iterable[str]) -> list[tuple[Group, ...]] | None:
    """The cells, as tuples of groups, among the groups that take part; None where nothing may be shown yet.

    A side whose groups each have none or at least 3 stances shows them apart; else, with 3 together, as one; a side with 1 or 2 waits if the other
    side has a tally; else all are one cell from 3 on."""
    groups = in_order(set(part))
    sides = [[group for group in side if group in groups] for side in (INSIDE, OUTSIDE)]
    found = [_side(counts, side) for side in sides]
    if any(found):
        return [cell for cells in found for cell in cells]
    return [tuple(groups)] if sum(_count(counts, group) for group in groups) >= LEAST else None


def _side(counts: Counts, side: list[Group]) -> list[tuple[Group, ...]]:
    said = [group for group in side if _count(counts, group)]
    if all(_count(counts, group) >= LEAST for group in said):
        return [(group,) for group in said]
    return [tuple(side)] if sum(_count(counts, group) for group in said) >= LEAST else []


def _count(counts: Counts, group: str) -> int:
    return sum(counts.get(group, (0, 0, 0)))


def fill(cells: Iterable[tuple[Group, ...]], counts: Counts) -> list[Cell]:
    """Each cell with the sums of its groups' counts."""
    return [Cell(groups, *(sum(counts.get(group, (0, 0, 0))[i] for group in groups) for i in range(3))) for groups in cells]


def read_cells(stored: list[list[Any]] | None) -> list[Cell] | None:
    """Cells as a tally keeps them: [groups, agree, passes, disagree] each, or None."""
    return [Cell(tuple(groups), agree, passes, disagree) for groups, agree, passes, disagree in stored] if stored is not None else None


def waiting(counts: Counts, cells: list[Cell] | None, part: Iterable[str]) -> dict[Group, int]:
    """The voices of groups that stand in no cell while others do."""
    if cells is None:
        return {}
    shown = {group for cell in cells for group in cell.groups}
    return {group: _count(counts, group) for group in in_order(set(part)) if group not in shown and _count(counts, group)}


def common_ground(cells: list[Cell] | None, part: Iterable[str]) -> float | None:
    """The product, over the groups that take part, of their cell's share; 1/2 for a group without a cell. None without a tally. Between 0 and 1."""
    if cells is None:
        return None
    share = {group: cell.share for cell in cells if cell.count for group in cell.groups}
    return prod(share.get(group, 0.5) for group in in_order(set(part)))


def contested(cells: list[Cell] | None) -> float | None:
    """The largest difference of share between two cells of at least 5 agree or disagree; None without two such. Between 0 and 1."""
    firm = [cell.share for cell in cells or [] if cell.agree + cell.disagree >= CONTESTED_FROM]
    return max((abs(one - other) for one, other in combinations(firm, 2)), default=None)


@dataclass(frozen=True)
class Voice:
    """One person's stance as it counts now, and as it was last shown; None where there is none. Stances are 1, 0, -1."""

    stance: int | None
    group: str
    shown: int | None
    shown_group: str | None

    @property
    def differs(self) -> bool:
        now = (self.stance, self.group if self.stance is not None else None)
        return now != (self.shown, self.shown_group if self.shown is not None else None)

    @property
    def counts_in(self) -> str | None:
        """The group it counts in now, or was last shown in."""
        return self.group if self.stance is not None else self.shown_group

    def touches(self, groups: set[str]) -> bool:
        return (self.stance is not None and self.group in groups) or (self.shown is not None and self.shown_group in groups)


def renewed(
    old: list[Cell] | None, voices: Iterable[Voice], counts: Counts, part: Iterable[str], held: Set[str] = frozenset()
) -> tuple[list[Cell] | None, set[str], int]:
    """Safe dissent: (cells to show, groups whose voices are shown from now on as they are, how many more voices are in).

    Old and new cells that share a group are renewed together, and only when the stances of at least 3 people in them differ from those last shown,
    and none of their groups is `held` back by what was shown of things joined with this one."""
    part = list(part)
    new = fill(partition(counts, part) or [], counts)
    changed = [voice for voice in voices if voice.differs]
    shown: list[Cell] = []
    fresh: set[str] = set()
    for union in unions([cell.groups for cell in (old or [])] + [cell.groups for cell in new]):
        if not union & held and sum(voice.touches(union) for voice in changed) >= LEAST:
            shown += [cell for cell in new if set(cell.groups) <= union]
            fresh |= union
        else:
            shown += [cell for cell in old or [] if set(cell.groups) <= union]
    unshown = sum(voice.counts_in in part and not voice.touches(fresh) for voice in changed)
    ordered = sorted(shown, key=lambda cell: [*INSIDE, *OUTSIDE].index(cell.groups[0]))
    return ordered or None, fresh, unshown


def unions(cells: Iterable[tuple[Group, ...]]) -> list[set[str]]:
    """The smallest sets of groups such that each cell lies in one of them."""
    found: list[set[str]] = []
    for cell in cells:
        joined: set[str] = set(cell)
        apart = []
        for union in found:
            if union & joined:
                joined |= union
            else:
                apart.append(union)
        found = [*apart, joined]
    return found
