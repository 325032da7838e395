"""What a file may import: lower tiers only, and within and between slices what its role allows."""

import sys

from cocreate.slices import PORTS, READERS, TIERS
from tests.rules.reading import Import, imports_of

ROLES = ("models", "policy", "events", "inputs", "queries", "changes", "actions", "web", "api", "sockets", "cli", "jobs")
FOUNDATION = frozenset({"config", "slices", "core", "eventlog", "entrypoints", "serving"})  # no nouns, so no roles
PLACES = {name: number for number, tier in enumerate(TIERS) for name in tier}

# role → (roles of its own slice, roles of lower slices) that it may import; pure modules may be imported by all.
ALLOWED: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "pure": (frozenset(), frozenset()),
    "models": (frozenset({"models"}), frozenset({"models"})),
    "policy": (frozenset({"models", "policy"}), frozenset({"policy"})),
    "events": (frozenset(), frozenset()),
    "inputs": (frozenset({"models", "inputs"}), frozenset({"inputs"})),
    "port": (frozenset({"models", "queries", "policy", "port"}), frozenset({"models", "queries", "policy", "port"})),
    "queries": (frozenset({"models", "policy", "inputs", "queries", "port"}), frozenset({"models", "policy", "queries", "port"})),
    "changes": (
        frozenset({"models", "policy", "inputs", "queries", "changes", "port"}),
        frozenset({"models", "policy", "queries", "changes", "port"}),
    ),
    "actions": (
        frozenset({"models", "policy", "events", "inputs", "queries", "changes", "port"}),
        frozenset({"models", "policy", "inputs", "queries", "changes", "port"}),
    ),
    "jobs": (frozenset({"actions", "queries", "policy", "port", "reader"}), frozenset({"actions", "queries", "policy", "port"})),
}
DOOR = frozenset({"inputs", "queries", "actions", "policy", "port", "reader"})
ALLOWED |= {door: (DOOR | {door}, DOOR | {door}) for door in ("web", "api", "sockets", "cli")}
ALLOWED["cli"] = (ALLOWED["cli"][0] | {"api"}, ALLOWED["cli"][1])  # a command's JSON is the call's
READER = frozenset({"models", "policy", "inputs", "events", "queries", "changes", "actions", "port", "reader", "jobs"})
ALLOWED["reader"] = (READER, READER)

FOUNDATION_OF_PURE = frozenset({"cocreate.core.ids", "cocreate.core.errors", "cocreate.core.text", "cocreate.core.diff"})
# Arithmetic, types, words, and hashing that runs beside the other greenlets; nothing that keeps a state.
OUTSIDE_OF_PURE = frozenset(sys.stdlib_module_names) | {"numpy", "typing_extensions", "flask_babel", "argon2", "gevent"}


def slice_of(path: str) -> str:
    parts = path.removesuffix(".py").split("/")
    return parts[1] if len(parts) > 1 and parts[1] != "__init__" else ""


def role_of(module: str) -> str:
    """The role of `slice.module`: fixed names, also as an ending (`signin_actions`); then ports and readers; else it is pure."""
    owner, _, name = module.partition(".")
    ending = name.rpartition("_")[2]
    if ending in ROLES:
        return ending
    if module in PORTS:
        return "port"
    return "reader" if owner in READERS else "pure"


def imported_modules(path: str, found: Import) -> list[str]:
    """`slice.module` for an import from our own package; `from cocreate.people import events, policy` names modules."""
    parts = found.full.split(".")
    return [".".join(parts[1:3])] if parts[0] == "cocreate" and len(parts) > 1 else []


def tiers(path: str, source: str) -> list[str]:
    """A slice imports only lower tiers."""
    own = slice_of(path)
    if not own:
        return []
    if own not in PLACES:
        return [f"{path}: {own} is in no tier of cocreate/slices.py"]
    broken = []
    for found in imports_of(path, source):
        if found.full == "cocreate" or found.full.startswith("cocreate.") is False:
            broken += [f"{path}:{found.line}: imports the whole of cocreate"] if found.full == "cocreate" else []
            continue
        other = found.full.split(".")[1]
        if other != own and PLACES.get(other, 99) >= PLACES[own]:
            broken.append(f"{path}:{found.line}: {own} may not import {other}, which is not below it")
    return broken


def roles(path: str, source: str) -> list[str]:
    """Within and between slices a file imports what its role allows."""
    own = slice_of(path)
    name = path.removesuffix(".py").split("/")[-1]
    if not own or own in FOUNDATION or name == "__init__" or path.count("/") != 2:
        return []
    role = role_of(f"{own}.{name}")
    broken = []
    for found in imports_of(path, source):
        for module in imported_modules(path, found):
            owner, _, rest = module.partition(".")
            if owner in FOUNDATION:
                continue
            wanted = role_of(module) if rest else "the slice itself"
            allowed = ALLOWED[role][0 if owner == own else 1] | {"pure"}
            if wanted not in allowed:
                broken.append(f"{path}:{found.line}: {role} may not import {module} ({wanted})")
    return broken + _foundation(path, source, role)


def _foundation(path: str, source: str, role: str) -> list[str]:
    """What a role may not take from the foundation or from other packages."""
    broken = []
    for found in imports_of(path, source):
        full, root = found.full, found.full.partition(".")[0]
        if role == "pure":
            from_us = root == "cocreate" and full.split(".")[1] in FOUNDATION and not any(full == m or full.startswith(m + ".") for m in FOUNDATION_OF_PURE)
            if from_us or (root != "cocreate" and root not in OUTSIDE_OF_PURE):
                broken.append(f"{path}:{found.line}: a pure module may not import {full}")
        elif role in ("web", "api", "cli") and (root == "sqlalchemy" or full.startswith("cocreate.core.db")):
            broken.append(f"{path}:{found.line}: {role} asks queries, not the database")
        elif role in ("policy", "events", "inputs") and full.startswith(("cocreate.core.db", "cocreate.eventlog.record")):
            broken.append(f"{path}:{found.line}: {role} neither reads nor writes")
        elif role == "changes" and full.startswith("cocreate.eventlog.record") and full.rpartition(".")[2] in ("action", "record"):
            broken.append(f"{path}:{found.line}: changes have no event and no transaction of their own")
    return broken
