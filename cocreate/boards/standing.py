"""Where a person stands towards a board: reads, takes part, hosts, decides. The one answer everything else asks. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from typing_extensions import TypedDict

from cocreate.boards.kinds import Kind, State
from cocreate.people.groups import Group, in_order
from cocreate.people.viewer import Anyone, Organisation


@dataclass(frozen=True)
class BoardFacts:
    """A board as rights and pages need it, loaded in one statement."""

    id: int
    slug: str
    kind: Kind
    state: State
    title: str
    question: str
    line: str
    objective: str
    context: str
    context_by: int | None
    starting: tuple[str, ...]
    read_public: bool
    read_groups: tuple[Group, ...]
    part_groups: tuple[Group, ...]
    safe_dissent: bool
    hold_first: bool
    answer_days: int
    is_open_table: bool
    looking_back: str
    by: date | None
    hosts: tuple[int, ...]
    deciders: tuple[int, ...]

    @property
    def is_active(self) -> bool:
        """Whether people may still weigh things here."""
        return self.state in ("open", "deciding")


class Audience(TypedDict):
    """Which groups may read, or everybody, and which may take part."""

    read: Literal["public"] | list[Group]
    take_part: list[Group]


@dataclass(frozen=True)
class Standing:
    """What one person is to one board."""

    board: BoardFacts
    reads: bool
    takes_part: bool
    hosts: bool
    decides: bool
    curates: bool


def standing(viewer: Anyone, board: BoardFacts) -> Standing:
    """Without a named host the organisation is host, and administrators act for it; without a named decider, hosts decide.
    A draft is for its hosts, deciders and administrators; staff reads every other board."""
    hosts = viewer.id in board.hosts or (not board.hosts and viewer.is_admin)
    decides = viewer.id in board.deciders if board.deciders else hosts
    if isinstance(viewer, Organisation):
        hosts = decides = True
    inner = hosts or decides or viewer.is_admin
    reads = (
        inner if board.state == "draft" else (inner or board.read_public or viewer.is_staff or (viewer.is_authenticated and viewer.group in board.read_groups))
    )
    takes_part = viewer.is_authenticated and viewer.group in board.part_groups and reads
    return Standing(board, reads, takes_part, hosts, decides, hosts or viewer.is_staff)


def audience(board: BoardFacts) -> Audience:
    """Who may read and who may take part, as the API says it."""
    return {"read": "public" if board.read_public else in_order(board.read_groups), "take_part": in_order(board.part_groups)}
