"""What templates, scripts and style sheets may hold."""

import re

_TAG = re.compile(r"<[a-zA-Z][^>]*>", re.DOTALL)
_STYLE = re.compile(r"\sstyle\s*=", re.IGNORECASE)
_HANDLER = re.compile(r"\son[a-z]+\s*=", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
_SAFE = re.compile(r"\|\s*safe\b|\bMarkup\b|\{%-?\s*autoescape\s+false")
_TRUSTED = re.compile(r"\|\s*trusted\b")
_KEPT = re.compile(r"<(textarea|pre)\b[^<\n]*>[ \t]*\n", re.IGNORECASE)
_SOCKET = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)["'][^"']*socket\.io[^"']*["']""")
_CLASS = re.compile(r"""\bclass\s*=\s*"((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"|_class %\}(.*?)\{%|["']([\w-]+)["']""", re.DOTALL)
_NO_SELECTOR = re.compile(r'/\*.*?\*/|url\([^)]*\)|"[^"]*"', re.DOTALL)
PROSE = "templates/shared/prose.html"
_HTML = re.compile(r"\.(?:innerHTML|outerHTML|insertAdjacentHTML)\b|\bdocument\.write\b|\beval\s*\(|\bnew Function\b")


def _line(source: str, place: int) -> int:
    return source.count("\n", 0, place) + 1


def inline_styles(path: str, source: str) -> list[str]:
    """The content security policy would drop them in silence."""
    return [f"{path}:{_line(source, tag.start())}: style attribute" for tag in _TAG.finditer(source) if _STYLE.search(tag[0])]


def inline_scripts(path: str, source: str) -> list[str]:
    """Scripts are files; data for them (application/json) may stand in the page. No on… attributes."""
    scripts = [f"{path}:{_line(source, m.start())}: inline script" for m in _SCRIPT.finditer(source) if "src=" not in m[1] and "application/json" not in m[1]]
    return scripts + [f"{path}:{_line(source, tag.start())}: on… attribute" for tag in _TAG.finditer(source) if _HANDLER.search(tag[0])]


def safe_filter(path: str, source: str) -> list[str]:
    """Only shared macros may trust HTML, and only one of them what was written by people and rendered."""
    found = [] if path.startswith("templates/shared/") else [(match, "templates/shared/") for match in _SAFE.finditer(source)]
    found += [] if path == PROSE else [(match, PROSE) for match in _TRUSTED.finditer(source)]
    return [f"{path}:{_line(source, match.start())}: {match[0]} is for {place} only" for match, place in found]


def kept_space(path: str, source: str) -> list[str]:
    """What stands between these tags is shown with every space: an indented line would put spaces into people's words."""
    return [f"{path}:{_line(source, match.start())}: a line break after <{match[1]}>" for match in _KEPT.finditer(source)]


def socket_imports(path: str, source: str) -> list[str]:
    """live.js alone knows the socket."""
    if path == "static/js/live.js":
        return []
    return [f"{path}:{_line(source, match.start())}: only live.js imports socket.io" for match in _SOCKET.finditer(source)]


def html_in_scripts(path: str, source: str) -> list[str]:
    """No HTML from text: what the server sent is parsed in lib/fragment.js, where it is said why that is safe."""
    if path == "static/js/lib/fragment.js":
        return []
    return [f"{path}:{_line(source, match.start())}: {match[0]}" for match in _HTML.finditer(source)]


def important(path: str, source: str) -> list[str]:
    """`!important` only in the utilities layer."""
    if path.endswith("utilities.css"):
        return []
    return [f"{path}:{_line(source, match.start())}: !important" for match in re.finditer(r"!\s*important", source)]


def classes_worn(source: str) -> set[str]:
    """The classes that a template, a script or a module gives to something; a word in quotes may be one."""
    return {name for found in _CLASS.finditer(source) for part in found.groups(default="") for name in re.findall(r"[\w-]+", part)}


def unworn(path: str, source: str, worn: set[str]) -> list[str]:
    """A class in a sheet that nothing wears."""
    styled = dict.fromkeys(re.findall(r"\.([a-zA-Z][\w-]*)", _NO_SELECTOR.sub("", source)))
    return [f"{path}: nothing wears .{name}" for name in styled if name not in worn]
