"""In which order a door asks, and how it fills its forms in."""

import ast

from tests.rules.reading import tree_of


def limits(path: str, source: str) -> list[str]:
    """What somebody may not do at all is refused before it is counted: the right first."""
    return [
        f"{path}:{line}: {function.name} counts before it asks for the right"
        for function in ast.walk(tree_of(source))
        if isinstance(function, ast.FunctionDef)
        for line in _called(function, "limit_person")
        if not any(asked < line for asked in _called(function, "require"))
    ]


def prefills(path: str, source: str) -> list[str]:
    """A form shows what is there by `Form.prefill`, which leaves alone what came back."""
    if path == "cocreate/entrypoints/forms.py":
        return []
    return [
        f"{path}:{target.lineno}: only Form.prefill fills a form in"
        for node in ast.walk(tree_of(source))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else [])
        if isinstance(target, ast.Attribute) and target.attr == "values"
    ]


def _called(function: ast.FunctionDef, name: str) -> list[int]:
    """The lines that call it."""
    return [node.lineno for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name]
