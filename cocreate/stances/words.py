"""A tally in words: who agrees, who is split, who is still to be heard. Never a bare number."""

from flask_babel import gettext as _, ngettext

from cocreate.people.groups import Group
from cocreate.people.queries import site
from cocreate.stances.cells import LEAST, Cell

MOST = 2 / 3  # of those who agree or disagree: from here on a cell is said to agree, or to disagree


def verdict(cell: Cell) -> str:
    """`agree`, `disagree`, `split`, or `unsure` where more are not sure than agree, and than disagree."""
    firm = cell.agree + cell.disagree
    if cell.passes > max(cell.agree, cell.disagree):
        return "unsure"
    return "agree" if cell.agree >= MOST * firm else "disagree" if cell.disagree >= MOST * firm else "split"


def sentence(cells: list[Cell] | None, voices: int, part: tuple[Group, ...]) -> str:
    """One sentence about what may be shown."""
    if cells is None:
        return _in_so_far(voices)
    if len(cells) == 1 and len(cells[0].groups) == len(part) > 2:
        return _all_as_one(verdict(cells[0]))
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        found.setdefault(verdict(cell), []).append(cell)
    text = "; ".join(_clause(kind, found[kind], part) for kind in ("agree", "disagree", "split", "unsure") if kind in found)
    return f"{text[:1].upper()}{text[1:]}."


def _in_so_far(voices: int) -> str:
    if not voices:
        return _("No voices yet.")
    if voices >= LEAST:  # joined or parted: as yet, one of them could be told from what was shown before
        return ngettext("%(num)d voice is in; they show together with others.", "%(num)d voices are in; they show together with others.", voices)
    return ngettext("%(num)d voice is in; results show from %(least)d.", "%(num)d voices are in; results show from %(least)d.", voices, least=LEAST)


def _all_as_one(kind: str) -> str:
    """Too few to tell the groups apart, so that nothing is said of any of them."""
    return {
        "agree": _("Together people agree; there are too few voices to tell the groups apart."),
        "disagree": _("Together people disagree; there are too few voices to tell the groups apart."),
        "split": _("Together people are split; there are too few voices to tell the groups apart."),
        "unsure": _("Together people are not sure; there are too few voices to tell the groups apart."),
    }[kind]


def _clause(kind: str, cells: list[Cell], part: tuple[Group, ...]) -> str:
    names = _names(cells, part)
    return {
        "agree": _("%(groups)s agree", groups=names),
        "disagree": _("%(groups)s disagree", groups=names),
        "split": _("%(groups)s are split", groups=names),
        "unsure": _("%(groups)s are not sure", groups=names),
    }[kind]


def _names(cells: list[Cell], part: tuple[Group, ...]) -> str:
    """Groups that are counted apart by their names or number; of those counted together nobody says that each of them spoke."""
    if any(len(cell.groups) > 1 for cell in cells):
        return _listed([_together(cell) for cell in cells])
    if len(cells) == len(part) > 1:
        return _("both groups") if len(part) == 2 else _("all groups")
    return _("three groups") if len(cells) == 3 else _listed([_together(cell) for cell in cells])


def _together(cell: Cell) -> str:
    labels = [site().labels[group].many for group in cell.groups]
    return _("%(groups)s together", groups=_listed(labels)) if len(labels) > 1 else labels[0]


def _listed(names: list[str]) -> str:
    if len(names) < 2:
        return names[0]
    return _("%(one)s and %(other)s", one=", ".join(names[:-1]), other=names[-1])
