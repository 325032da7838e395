"""What happens before the scene that a test is about: a board is opened, ideas are proposed and weighed."""

import hashlib
from typing import Any

from sqlalchemy import text

from cocreate.boards.actions import edit_audience, make_board, move_board
from cocreate.boards.inputs import EditAudience, MoveBoard, NewBoard
from cocreate.boards.queries import board_facts
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.ideas.actions import propose_idea
from cocreate.ideas.inputs import NewIdea
from cocreate.people.actions import add_person
from cocreate.people.groups import Group
from cocreate.people.inputs import NewPerson
from cocreate.people.queries import viewer_of
from cocreate.people.viewer import Organisation, Viewer
from cocreate.stances.actions import cast_stance


def open_board(slug: str, host: Viewer | None = None, groups: tuple[str, ...] = (), kind: str = "product", **more: Any) -> int:
    """An open board, hosted by somebody or by the organisation; `hold_first`, `safe_dissent` and `read_public` as asked."""
    asked = {"slug": slug, "title": f"Board {slug}", "kind": kind, "groups": groups or None, "hosts": [host.email] if host else []}
    given = NewBoard.model_validate({**asked, "read_public": more.pop("read_public", False)})
    board_id = make_board(Organisation(), given)
    if more:
        facts = board_facts(board_id)
        present = {"read_public": facts.read_public, "read_groups": facts.read_groups, "part_groups": facts.part_groups, "safe_dissent": facts.safe_dissent}
        edit_audience(Organisation(), board_id, EditAudience.model_validate({**present, "hold_first": False, **more}))
    move_board(Organisation(), board_id, MoveBoard(state="open"))
    return board_id


def propose(actor: Viewer, board_id: int, title: str, body: str = "") -> int:
    return propose_idea(actor, board_id, NewIdea(title=title, body=body), f"<p>{body}</p>" if body else "")


def an_idea(actor: Viewer, board_id: int, title: str = "An idea") -> Ref:
    return Ref("idea", propose(actor, board_id, title))


def crowd(group: Group, count: int) -> list[Viewer]:
    """More people of a group than the cast has."""
    made = [add_person(Organisation(), NewPerson(email=f"{group}{n}@crowd.example", name=f"{group} {n}", group=group)) for n in range(count)]
    return [viewer_of(id) for id in made]


def weigh(idea_id: int, **stances: tuple[Viewer, int]) -> None:
    """`weigh(idea, mona=(cast.mona, 1))`."""
    for person, stance in stances.values():
        cast_stance(person, Ref("idea", idea_id), stance)


def rows_of(table: str, but: tuple[str, ...] = ()) -> str:
    """A hash of everything a table holds, without the columns that only count steps or times."""
    rows = [{name: value for name, value in row.items() if name not in but} for row in db.session.execute(text(f'SELECT * FROM "{table}"')).mappings()]
    found = hashlib.sha256(repr(sorted(repr(sorted(row.items())) for row in rows)).encode()).hexdigest()
    db.session.rollback()
    return found
