"""How long a function or a file may be."""

import ast

from tests.rules.reading import tree_of

FUNCTION = 50
MOST = {".py": 350, ".html": 150, ".js": 200, ".css": 300}
TESTS = 500


def functions(path: str, source: str) -> list[str]:
    broken = []
    for node in ast.walk(tree_of(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION:
                broken.append(f"{path}:{node.lineno}: {node.name} has {length} lines, more than {FUNCTION}")
    return broken


def files(path: str, source: str) -> list[str]:
    ending = path[path.rindex(".") :]
    most = TESTS if path.startswith("tests/") and ending == ".py" else MOST[ending]
    length = source.count("\n") + (not source.endswith("\n"))
    return [f"{path}: {length} lines, more than {most}"] if length > most else []
