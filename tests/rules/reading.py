"""What a source file says: its imports, and the full names behind the names it uses. Shared by the rules."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple


class Import(NamedTuple):
    """One name brought in: `from a.b import c as d` has module `a.b`, name `c`, local `d`; `import a.b` has name "" and local `a`."""

    module: str
    name: str
    local: str
    line: int
    function: str

    @property
    def full(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module


@lru_cache(maxsize=1024)
def tree_of(source: str) -> ast.Module:
    return ast.parse(source)


def imports_of(path: str, source: str) -> list[Import]:
    """All imports, those inside functions and under `if TYPE_CHECKING` included."""
    return list(_imports(tree_of(source), path, ""))


def _imports(node: ast.AST, path: str, function: str) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, "", alias.asname or alias.name.partition(".")[0], child.lineno, function)
        elif isinstance(child, ast.ImportFrom):
            for alias in child.names:
                yield Import(_from(path, child), alias.name, alias.asname or alias.name, child.lineno, function)
        else:
            inner = child.name if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)) else function
            yield from _imports(child, path, inner)


def _from(path: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = path.removesuffix(".py").split("/")[: -node.level]
    return ".".join([*package, *([node.module] if node.module else [])])


def used_names(path: str, source: str) -> Iterator[tuple[int, str]]:
    """Line and full name of each imported thing used, whatever it is called here: after `from datetime import datetime as dt`, `dt.now()` is
    `datetime.datetime.now`."""
    known: dict[str, str] = {}
    for found in imports_of(path, source):
        known[found.local] = found.full if found.name or found.local != found.module.partition(".")[0] else found.local
        if found.name:
            yield found.line, found.full
    for node in ast.walk(tree_of(source)):
        if isinstance(node, (ast.Attribute, ast.Name)):
            head, *rest = dotted(node)
            if rest and head in known:
                yield node.lineno, ".".join([known[head], *rest])


def dotted(node: ast.expr) -> list[str]:
    """The parts of `a.b.c`; what hangs on something else than a name begins with ""."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return [node.id if isinstance(node, ast.Name) else "", *reversed(parts)]


def called_methods(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of each method called on anything: `x.y.commit()` is `commit`."""
    for node in ast.walk(tree_of(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.lineno, node.func.attr
