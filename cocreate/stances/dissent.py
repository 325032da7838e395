"""Safe dissent for what is joined and parted: pictures shown together and apart are not to be told from each other by fewer than 3 stances. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from cocreate.people.groups import Group
from cocreate.stances.cells import LEAST, Cell, unions

MOST = 5  # pictures that are added and taken from each other; their combinations grow threefold with each
Spoken = tuple[int, str]  # a stance and the group it counts in
Voices = Mapping[int, Spoken]  # by person


@dataclass(frozen=True)
class Shown:
    """A picture: the cells, and the people counted in them."""

    cells: list[Cell]
    voices: Voices


def held_back(new: Sequence[tuple[Group, ...]], now: Voices, pictures: Sequence[Shown]) -> set[str]:
    """The groups whose new cells may not be shown beside these pictures, whichever of them somebody adds to or takes from the new one: what remains
    would be the stances of 1 or 2 people. Nothing that remains is safe too: the new one is then known from the others."""
    if len(pictures) > MOST:
        return _known(new, now, pictures)
    held: set[str] = set()
    for signs in product((0, -1, 1), repeat=len(pictures)):
        chosen = [(sign, picture) for sign, picture in zip(signs, pictures, strict=True) if sign]
        remaining = _remaining(new, now, chosen)
        for union in unions([*new, *(cell.groups for _sign, picture in chosen for cell in picture.cells)]):
            if 0 < sum(bool(groups & union) for groups in remaining) < LEAST:
                held |= union
    return held


def _remaining(new: Sequence[tuple[Group, ...]], now: Voices, chosen: Sequence[tuple[int, Shown]]) -> list[set[str]]:
    """For each person of whom something remains, the groups in which it does."""
    in_new = {group for groups in new for group in groups}
    found: dict[int, Counter[Spoken]] = {person: Counter([spoken]) for person, spoken in now.items() if spoken[1] in in_new}
    for sign, picture in chosen:
        for person, spoken in picture.voices.items():
            found.setdefault(person, Counter())[spoken] += sign
    return [{group for (_stance, group), left in counted.items() if left} for counted in found.values()]


def _known(new: Sequence[tuple[Group, ...]], now: Voices, pictures: Sequence[Shown]) -> set[str]:
    """Where there are too many to combine: new cells wait for 3 people who think as no picture has shown them; that is safe beside any number."""
    last = {(person, spoken) for picture in pictures for person, spoken in picture.voices.items()}
    fresh = [spoken[1] for person, spoken in now.items() if (person, spoken) not in last]
    return {group for groups in new for group in groups if sum(each in groups for each in fresh) < LEAST}
