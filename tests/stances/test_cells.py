"""Cells, common ground and contested, by the examples of the rule and by properties that must hold for any counts."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import given, strategies as st

from cocreate.people.groups import GROUPS, INSIDE, OUTSIDE, Group
from cocreate.stances.cells import LEAST, Cell, Voice, common_ground, contested, fill, partition, renewed, waiting
from cocreate.stances.words import sentence

M, E, C, P = GROUPS
Row = tuple[int, int, int]


def agrees(**counts: int) -> dict[str, Row]:
    return {group: (count, 0, 0) for group, count in counts.items()}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (agrees(), None),
        (agrees(customer=2), None),
        (agrees(customer=3), [(C,)]),
        (agrees(management=3, employee=3, customer=3, partner=3), [(M,), (E,), (C,), (P,)]),
        (agrees(management=1, employee=2), [(M, E)]),
        (agrees(management=1, employee=9, customer=4), [(M, E), (C,)]),
        (agrees(management=3, customer=1), [(M,)]),
        (agrees(management=1, customer=1, partner=1), [(M, E, C, P)]),
        (agrees(management=2, customer=2), [(M, E, C, P)]),
        (agrees(management=1, customer=1), None),
        (agrees(customer=5, partner=1), [(C, P)]),
    ],
)
def test_the_rule_by_example(counts: dict[str, Row], expected: Any) -> None:
    assert partition(counts, GROUPS) == expected


def test_a_group_that_does_not_take_part_is_not_looked_at() -> None:
    assert partition(agrees(management=1, employee=5, customer=5), ["employee", "customer"]) == [(E,), (C,)]


def test_who_waits_is_said() -> None:
    counts = agrees(management=4, customer=2)
    assert waiting(counts, fill(partition(counts, GROUPS) or [], counts), GROUPS) == {C: 2}


def test_common_ground_of_the_rule() -> None:
    counts = {"management": (3, 0, 0), "customer": (2, 1, 2)}
    cells = fill(partition(counts, GROUPS) or [], counts)
    assert common_ground(cells, GROUPS) == pytest.approx((4 / 5) * 0.5 * (3 / 6) * 0.5)
    assert common_ground(None, GROUPS) is None


def test_not_sure_is_a_voice_and_not_against() -> None:
    assert Cell((C,), 3, 7, 0).share == Cell((C,), 3, 0, 0).share
    assert Cell((C,), 3, 7, 0).count == 10


def test_contested_needs_two_firm_cells() -> None:
    assert contested([Cell((M,), 5, 0, 0), Cell((C,), 4, 9, 0)]) is None
    assert contested([Cell((M,), 5, 0, 0), Cell((C,), 0, 0, 5)]) == pytest.approx(6 / 7 - 1 / 7)


COUNTS = st.dictionaries(st.sampled_from(GROUPS), st.tuples(*[st.integers(0, 6)] * 3))
PART = st.sets(st.sampled_from(GROUPS), min_size=1)


@given(COUNTS, PART)
def test_no_cell_is_small_and_none_overlap(counts: dict[str, Row], part: set[str]) -> None:
    places = partition(counts, part)
    cells = fill(places or [], counts)
    shown = [group for cell in cells for group in cell.groups]
    assert len(shown) == len(set(shown))
    assert set(shown) <= part
    assert all(cell.count >= LEAST for cell in cells)


@given(COUNTS, PART)
def test_every_voice_is_shown_or_waits(counts: dict[str, Row], part: set[str]) -> None:
    """No vote may look ignored: what is in no cell is said to wait, or there is no tally at all and fewer than 3 are in."""
    places = partition(counts, part)
    voices = sum(sum(row) for group, row in counts.items() if group in part)
    if places is None:
        assert voices < LEAST
        return
    cells = fill(places, counts)
    assert sum(cell.count for cell in cells) + sum(waiting(counts, cells, part).values()) == voices


@given(COUNTS, PART)
def test_what_waits_is_less_than_three_on_its_side(counts: dict[str, Row], part: set[str]) -> None:
    waits = waiting(counts, fill(partition(counts, part) or [], counts), part)
    for side in (INSIDE, OUTSIDE):
        assert sum(waits.get(group, 0) for group in side) < LEAST


@given(COUNTS, PART)
def test_common_ground_lies_between_nothing_and_all(counts: dict[str, Row], part: set[str]) -> None:
    places = partition(counts, part)
    found = common_ground(fill(places, counts) if places is not None else None, part)
    assert found is None if places is None else found is not None and 0 < found < 1


def voice(stance: int | None, group: str = "employee", shown: int | None = None) -> Voice:
    return Voice(stance, group, shown, group if shown is not None else None)


def counted(voices: list[Voice]) -> dict[str, Row]:
    counts: dict[str, list[int]] = {}
    for each in voices:
        if each.stance is not None:
            counts.setdefault(each.group, [0, 0, 0])[{1: 0, 0: 1, -1: 2}[each.stance]] += 1
    return {group: (row[0], row[1], row[2]) for group, row in counts.items()}


def test_safe_dissent_waits_for_three_people() -> None:
    old = [Cell((E,), 3, 0, 0)]
    voices = [voice(1, shown=1) for _ in range(3)] + [voice(-1), voice(-1)]
    assert renewed(old, voices, counted(voices), GROUPS) == (old, set(), 2)
    voices.append(voice(-1))
    assert renewed(old, voices, counted(voices), GROUPS) == ([Cell((E,), 3, 0, 3)], {"employee"}, 0)


def test_safe_dissent_counts_what_was_taken_back() -> None:
    old = [Cell((E,), 6, 0, 0)]
    voices = [voice(1, shown=1) for _ in range(3)] + [voice(None, shown=1) for _ in range(3)]
    assert renewed(old, voices, counted(voices), GROUPS) == ([Cell((E,), 3, 0, 0)], {"employee"}, 0)


def test_safe_dissent_moves_old_and_new_cells_together() -> None:
    """Inside was one cell; splitting it after one more voice would tell that voice."""
    old = [Cell((M, E), 4, 0, 1)]
    voices = [voice(1, "management", 1), voice(1, "management", 1), voice(-1, "management")]
    voices += [voice(1, shown=1), voice(1, shown=1), voice(-1, shown=-1)]
    shown, fresh, unshown = renewed(old, voices, counted(voices), GROUPS)
    assert (shown, fresh, unshown) == (old, set(), 1)


def test_safe_dissent_says_of_those_who_take_part_how_many_more_are_in() -> None:
    old = [Cell((E,), 3, 0, 0)]
    voices = [voice(1, shown=1) for _ in range(3)] + [voice(-1), voice(-1, "partner")]
    assert renewed(old, voices, counted(voices), (M, E)) == (old, set(), 1)
    assert renewed(old, voices, counted(voices), GROUPS) == (old, set(), 2)


STEPS = st.lists(st.tuples(st.integers(0, 7), st.sampled_from([1, 0, -1, None])), max_size=40)


@given(STEPS, st.lists(st.sampled_from(GROUPS), min_size=8, max_size=8))
def test_safe_dissent_never_shows_a_step_of_fewer_than_three(steps: list[tuple[int, int | None]], groups: list[str]) -> None:
    """Whatever people do, two pictures in a row differ by at least three people in each union of cells that changed."""
    stances: dict[int, int | None] = {}
    shown_as: dict[int, tuple[int | None, str]] = {}
    cells: list[Cell] | None = None
    for person, stance in steps:
        stances[person] = stance
        voices = {p: Voice(stances.get(p), groups[p], shown_as.get(p, (None, ""))[0], shown_as[p][1] if p in shown_as else None) for p in {*stances, *shown_as}}
        before = cells
        cells, fresh, _unshown = renewed(cells, voices.values(), counted(list(voices.values())), GROUPS)
        if cells != before:
            moved = sum(v.differs and v.touches(fresh) for v in voices.values())
            assert moved >= LEAST
        for p, v in voices.items():
            if v.shown_group in fresh or (v.stance is not None and v.group in fresh):
                shown_as.pop(p, None)
                if v.stance is not None and v.group in fresh:
                    shown_as[p] = (v.stance, v.group)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"employee": (3, 0, 0), "customer": (7, 2, 1)}, "Both groups agree."),
        ({"employee": (1, 3, 0), "customer": (7, 2, 1)}, "Customers agree; employees are not sure."),
        ({"employee": (2, 2, 2), "customer": (0, 1, 4)}, "Customers disagree; employees are split."),
        ({"employee": (0, 3, 0), "customer": (0, 4, 1)}, "Both groups are not sure."),
        ({"employee": (1, 0, 2), "customer": (6, 3, 1)}, "Customers agree; employees disagree."),
        ({"employee": (1, 0, 0), "customer": (4, 0, 0)}, "Customers agree."),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_tally_in_words_says_no_more_than_people_did(app: Flask, counts: Any, said: str) -> None:
    """One who agrees among three who are not sure is no group that agrees."""
    part: tuple[Group, ...] = ("employee", "customer")
    cells = fill(partition(counts, part) or [], counts)
    assert sentence(cells, 10, part) == said


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"management": (1, 0, 0), "employee": (1, 0, 0), "customer": (1, 0, 0)}, "Together people agree; there are too few voices to tell the groups apart."),
        (
            {"management": (3, 0, 0), "employee": (3, 0, 0), "customer": (4, 0, 0), "partner": (1, 0, 0)},
            "Management, employees and customers and partners together agree.",
        ),
        ({"customer": (2, 0, 0), "partner": (1, 0, 0)}, "Customers and partners together agree."),
        (dict.fromkeys(GROUPS, (3, 0, 0)), "All groups agree."),
    ],
)
def test_nobody_is_said_to_have_spoken_who_may_not_have(app: Flask, counts: Any, said: str) -> None:
    cells = fill(partition(counts, GROUPS) or [], counts)
    assert sentence(cells, 10, GROUPS) == said
