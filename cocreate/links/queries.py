"""Reading links: whose words stand behind a thing, and what became of words. Where only Refs are given, whoever shows them asks for the viewer's rights."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from cocreate.boards.standing import BoardFacts
from cocreate.core.db import db
from cocreate.core.ids import Ref, ids_by_kind
from cocreate.links.evidence import Quote, find_quotes
from cocreate.links.models import Link
from cocreate.people.viewer import Anyone


def evidence_for(refs: Iterable[Ref]) -> dict[Ref, list[Ref]]:
    """By cited thing the words it stands on, in the order in which they were cited; a thing without any is left out. One statement."""
    found: dict[Ref, list[Ref]] = {}
    query = select(Link.from_kind, Link.from_id, Link.to_kind, Link.to_id).where(Link.relation == "evidence", _among(Link.to_kind, Link.to_id, refs))
    for row in db.session.execute(query.order_by(Link.id)):
        found.setdefault(Ref(row.to_kind, row.to_id), []).append(Ref(row.from_kind, row.from_id))
    return found


def quotes_for(viewer: Anyone, board: BoardFacts, ref: Ref) -> list[Quote]:
    """The words one thing stands on, as the viewer may read them, in the order in which they were cited."""
    refs = evidence_for([ref]).get(ref, [])
    found = find_quotes(viewer, [board], refs)
    return [found[each] for each in refs if each in found]


def uses_of(refs: Iterable[Ref]) -> dict[Ref, list[tuple[str, Ref]]]:
    """By thing where it went: (relation, Ref), oldest first; a thing that went nowhere is left out. One statement."""
    found: dict[Ref, list[tuple[str, Ref]]] = {}
    query = select(Link.from_kind, Link.from_id, Link.relation, Link.to_kind, Link.to_id).where(_among(Link.from_kind, Link.from_id, refs))
    for row in db.session.execute(query.order_by(Link.id)):
        found.setdefault(Ref(row.from_kind, row.from_id), []).append((row.relation, Ref(row.to_kind, row.to_id)))
    return found


def _among(kind: Any, id: Any, refs: Iterable[Ref]) -> ColumnElement[bool]:
    """One of the refs; by kind, so that an index is used on every database."""
    return or_(false(), *(and_(kind == name, id.in_(sorted(ids))) for name, ids in sorted(ids_by_kind(refs).items())))
