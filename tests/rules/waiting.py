"""What an action may not do: wait, or give others a turn, while its transaction holds the lock that they write under."""

import ast
from collections.abc import Iterator

from tests.rules.reading import Import, dotted, imports_of, tree_of

ACTION = "cocreate.eventlog.record.action"
# What takes long, or lets another greenlet run: texts and pages, hashes, pauses and threads, the network, other programs.
WAITS = (
    "cocreate.core.markdown.render", "cocreate.core.markdown.convert", "cocreate.core.clock.pause", "cocreate.core.outbound",
    "cocreate.people.passwords", "cocreate.live.fanout", "cocreate.entrypoints.sockets", "cocreate.entrypoints.transport",
    "flask.render_template", "flask.render_template_string", "flask_socketio", "redis", "gevent", "threading", "concurrent",
    "subprocess", "socket", "time.sleep",
)  # fmt: skip
NAMED = frozenset({"emit", "sleep", "pause"})  # whatever they are called on


def waits(path: str, source: str) -> list[str]:
    """In an action, in what it calls of its own module, and in all of a module of changes."""
    names = {found.local: _meant(found) for found in imports_of(path, source)}
    return [
        f"{path}:{call.lineno}: {name} waits, inside a write transaction"
        for function in _inside(path, source, names)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and (name := _waiting(call, names))
    ]


def _meant(found: Import) -> str:
    """What a name stands for; after `import a.b` the name is `a`."""
    return found.full if found.name or found.local != found.module.partition(".")[0] else found.local


def _inside(path: str, source: str, names: dict[str, str]) -> list[ast.FunctionDef]:
    """The functions that run inside a write transaction, each once."""
    functions = {node.name: node for node in ast.walk(tree_of(source)) if isinstance(node, ast.FunctionDef)}
    is_changes = path.removesuffix(".py").rpartition("/")[2].rpartition("_")[2] == "changes"
    found = [node for node in functions.values() if is_changes or any(_full(mark, names) == ACTION for mark in node.decorator_list)]
    for function in found:  # grows while it is gone through
        found += [functions[name] for name in _called(function) if name in functions and functions[name] not in found]
    return found


def _called(function: ast.FunctionDef) -> Iterator[str]:
    seen = dict.fromkeys(call.func.id for call in ast.walk(function) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name))
    yield from seen


def _waiting(call: ast.Call, names: dict[str, str]) -> str:
    """What is called, where it is of those that wait."""
    full = _full(call.func, names)
    if any(full == one or full.startswith(one + ".") for one in WAITS):
        return full
    return full if isinstance(call.func, ast.Attribute) and call.func.attr in NAMED else ""


def _full(node: ast.expr, names: dict[str, str]) -> str:
    """`clock.pause` after `from cocreate.core import clock`, `p` after `from cocreate.core.clock import pause as p`: the same."""
    head, *rest = dotted(node)
    return ".".join([names.get(head, head), *rest])
