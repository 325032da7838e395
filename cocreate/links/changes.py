"""Making links, inside the action that makes the thing which cites; its event carries the ids."""

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import insert, select

from cocreate.core import clock
from cocreate.core.db import db
from cocreate.core.ids import Ref
from cocreate.links.models import Link
from cocreate.people.viewer import Actor

Relation = Literal["evidence", "became"]


def insert_links(from_refs: Iterable[Ref], relation: Relation, to_ref: Ref, actor: Actor) -> list[Ref]:
    """Link each of `from_refs` to `to_ref`, once. Gives those that were not linked before."""
    there = select(Link.from_kind, Link.from_id).where(Link.relation == relation, Link.to_kind == to_ref.kind, Link.to_id == to_ref.id)
    known = {Ref(row.from_kind, row.from_id) for row in db.session.execute(there)}
    fresh = [ref for ref in dict.fromkeys(from_refs) if ref not in known]
    now = clock.now()
    rows = [
        {"from_kind": ref.kind, "from_id": ref.id, "relation": relation, "to_kind": to_ref.kind, "to_id": to_ref.id, "made_by": actor.id, "made_at": now}
        for ref in fresh
    ]
    if rows:
        db.session.execute(insert(Link), rows)
    return fresh
