"""Safe dissent for what is joined and parted: pictures shown together and apart are not to be told from each other by fewer than 3 stances. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from cocreate.people.groups import Group
from cocreate.stances.cells import LEAST, Cell, unions

MOST = 3  # pictures that are added and taken from each other; their combinations grow threefold with each, and a vote waits for them
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
    in_new = {group for groups in new for group in groups}
    counted = [{person: spoken for person, spoken in now.items() if spoken[1] in in_new}, *(picture.voices for picture in pictures)]
    alike = Counter(tuple(voices.get(person) for voices in counted) for person in {person for voices in counted for person in voices})
    held: set[str] = set()
    for signs in product((0, -1, 1), repeat=len(pictures)):
        remaining = [(_remaining(spoken, (1, *signs)), people) for spoken, people in alike.items()]
        for union in unions([*new, *(cell.groups for sign, picture in zip(signs, pictures, strict=True) if sign for cell in picture.cells)]):
            if 0 < sum(people for groups, people in remaining if groups & union) < LEAST:
                held |= union
    return held


def _remaining(spoken: tuple[Spoken | None, ...], signs: tuple[int, ...]) -> set[str]:
    """The groups in which something remains of a person who spoke so in the new picture and in each other, when these are added and taken away."""
    left: Counter[Spoken] = Counter()
    for each, sign in zip(spoken, signs, strict=True):
        if each is not None:
            left[each] += sign
    return {group for (_stance, group), count in left.items() if count}


def _known(new: Sequence[tuple[Group, ...]], now: Voices, pictures: Sequence[Shown]) -> set[str]:
    """Where there are too many to combine: new cells wait for 3 people who think as no picture has shown them; that is safe beside any number."""
    last = {(person, spoken) for picture in pictures for person, spoken in picture.voices.items()}
    fresh = [spoken[1] for person, spoken in now.items() if (person, spoken) not in last]
    return {group for groups in new for group in groups if sum(each in groups for each in fresh) < LEAST}
