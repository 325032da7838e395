"""A tally in words: who agrees, who is split, who is still to be heard. Never a bare number."""

from flask_babel import gettext as _, ngettext

from cocreate.people.groups import Group
from cocreate.people.queries import site
from cocreate.stances.cells import LEAST, Cell

AGREES, DIFFERS = 0.7, 0.3  # shares of agree among agree and disagree from which a cell is said to agree, or to disagree


def verdict(cell: Cell) -> str:
    """`agree`, `disagree`, `split`, or `unsure` where more are not sure than agree, and than disagree."""
    firm = cell.agree + cell.disagree
    if cell.passes > max(cell.agree, cell.disagree):
        return "unsure"
    share = cell.agree / firm
    return "agree" if share >= AGREES else "disagree" if share <= DIFFERS else "split"


def sentence(cells: list[Cell] | None, voices: int, part: tuple[Group, ...]) -> str:
    """One sentence about what may be shown."""
    if cells is None:
        return _in_so_far(voices)
    found: dict[str, list[Group]] = {}
    for cell in cells:
        found.setdefault(verdict(cell), []).extend(cell.groups)
    text = "; ".join(_clause(kind, found[kind], part) for kind in ("agree", "disagree", "split", "unsure") if kind in found)
    return f"{text[:1].upper()}{text[1:]}."


def _in_so_far(voices: int) -> str:
    if not voices:
        return _("No voices yet.")
    return ngettext("%(num)d voice is in; results show from %(least)d.", "%(num)d voices are in; results show from %(least)d.", voices, least=LEAST)


def _clause(kind: str, groups: list[Group], part: tuple[Group, ...]) -> str:
    names = _names(groups, part)
    return {
        "agree": _("%(groups)s agree", groups=names),
        "disagree": _("%(groups)s disagree", groups=names),
        "split": _("%(groups)s are split", groups=names),
        "unsure": _("%(groups)s are not sure", groups=names),
    }[kind]


def _names(groups: list[Group], part: tuple[Group, ...]) -> str:
    labels = [site().labels[group].many for group in groups]
    if len(groups) == len(part) > 1:
        return _("both groups") if len(part) == 2 else _("all groups")
    if len(groups) == 3:
        return _("three groups")
    return _("%(one)s and %(other)s", one=labels[0], other=labels[1]) if len(labels) == 2 else labels[0]
