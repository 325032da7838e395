"""The page on which everything is searched."""

from typing import Any

from flask import Blueprint, render_template, request

from cocreate.core.fields import read_input
from cocreate.entrypoints.limits import limit_reading
from cocreate.entrypoints.signin import viewer
from cocreate.search.inputs import Search
from cocreate.search.queries import search
from cocreate.search.searchables import searchables

blueprint = Blueprint("search", __name__)
A_PAGE = 20  # things found
MOST, SPAN = 100, 10  # searches of one network, in so many seconds


@blueprint.get("/search")
def page() -> str:
    """A form, and what was found by it."""
    limit_reading("searches", MOST, SPAN)
    values: dict[str, Any] = {name: request.args[name] for name in ("q", "kind", "cursor") if request.args.get(name)}
    asked = read_input(Search, {"limit": A_PAGE, **values})
    names = {kind: each.names() for kind, each in searchables().items()}
    words = asked.q.split()
    shorter = max(words, key=len) if len(words) > 1 else ""
    return render_template("search/search.html", asked=asked, found=search(viewer(), asked), names=names, shorter=shorter)
