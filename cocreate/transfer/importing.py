"""Bringing a conversation onto a board: many short write transactions with a pause after each, so that the site stays usable meanwhile. Each is safe to
repeat: what was broken off goes on where it was, and what is there already stays as it is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from flask_babel import gettext as _

from cocreate.boards.actions import make_board
from cocreate.boards.inputs import EditAudience, NewBoard
from cocreate.boards.queries import board_as
from cocreate.boards.standing import BoardFacts
from cocreate.core import clock
from cocreate.core.errors import NotFound
from cocreate.core.fields import read_input
from cocreate.core.ids import Ref
from cocreate.core.markdown import render
from cocreate.core.text import cut
from cocreate.ideas.inputs import NewIdea
from cocreate.ideas.queries import ideas_from
from cocreate.people.groups import GROUPS
from cocreate.people.queries import people_from
from cocreate.people.viewer import Organisation
from cocreate.transfer.import_actions import Brought, finish_import, import_ideas, import_people, import_stances
from cocreate.transfer.polis import Conversation, Statement, read_topic

T = TypeVar("T")
Step = Callable[[int], object]  # so many more are done

# What fits into a write transaction of 50 ms with room to spare, also on a slow machine.
PEOPLE_AT_ONCE = 50
IDEAS_AT_ONCE = 20
STANCES_AT_ONCE = 250
PAUSE = 0.01  # seconds; whoever waits to write looks every four milliseconds whether it may

_ACTOR = Organisation()


@dataclass(frozen=True)
class Added:
    """What an import added to what was there."""

    ideas: int
    people: int
    stances: int


def board_for(folder: Path, slug: str, kind: str, title: str | None) -> BoardFacts:
    """The board at this address; where there is none it is made, open: everybody reads, and customers, as whom people come, take part."""
    try:
        return board_as(_ACTOR, slug).board
    except NotFound:
        given = read_input(NewBoard, {"slug": slug, "kind": kind, "title": title or cut(read_topic(folder), 119)})
        make_board(_ACTOR, given, opened=True, audience=EditAudience(read_groups=list(GROUPS), part_groups=["customer"]))
        return board_as(_ACTOR, slug).board


def import_conversation(board: BoardFacts, found: Conversation, step: Step) -> Added:
    """Everything in the conversation: people first, then ideas in the order of time, then what people think of them. Gives what is new."""
    people = ideas = stances = 0
    names = {_external(number): _("Participant %(number)d", number=number) for number in found.people}
    for some in _parts(list(names.items()), PEOPLE_AT_ONCE):
        people += import_people(_ACTOR, board.id, dict(some), "customer")
        _rest(step, len(some))
    came = people_from(Ref("board", board.id))
    for statements in _parts(found.statements, IDEAS_AT_ONCE):
        ideas += import_ideas(_ACTOR, board.id, [_brought(each, came[_external(each.author)].id if each.author is not None else None) for each in statements])
        _rest(step, len(statements))
    numbers = ideas_from(board.id)
    for statement, voices in found.stances.items():
        for part in _parts(list(voices.items()), STANCES_AT_ONCE):
            cast = {came[_external(voter)].id: (stance, came[_external(voter)].group) for voter, stance in part}
            stances += import_stances(_ACTOR, board.id, numbers[_external(statement)], cast)
            _rest(step, len(part))
    finish_import(_ACTOR, board.id, sum(not each.is_hidden for each in found.statements), len(found.people))
    return Added(ideas, people, stances)


def _external(number: int | None) -> str:
    return f"polis:{number}"


def _parts(whole: Sequence[T], at_once: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(whole), at_once):
        yield whole[start : start + at_once]


def _rest(step: Step, done: int) -> None:
    step(done)
    clock.pause(PAUSE)


def _brought(statement: Statement, author_id: int | None) -> Brought:
    given = NewIdea(title=statement.title, body=statement.body)
    return Brought(_external(statement.number), author_id, statement.at, statement.is_hidden, given, render(given.body))
