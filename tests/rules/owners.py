"""What only one place may do: commit, speak to sockets, know the request or the clock, trust HTML, reach out."""

import re

from tests.rules.reading import called_methods, imports_of, used_names

AMBIENT = frozenset({"flask.request", "flask.session", "flask_login.current_user"})
CLOCK = re.compile(
    r"(?:datetime\.)?(?:datetime\.datetime\.(?:now|utcnow|today)|datetime\.date\.today)"
    r"|time\.(?:time|time_ns|monotonic|monotonic_ns|perf_counter|sleep|localtime|gmtime)|sqlalchemy\.func\.(?:now|current_timestamp)|gevent\.sleep"
)
OUTGOING = ("smtplib", "urllib.request", "urllib3", "requests", "http.client", "httpx", "aiohttp", "ftplib", "telnetlib", "poplib", "imaplib")
HEAVY = frozenset({"numpy", "pycrdt"})  # imported where they are used, as most processes never need them
DRAWERS = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "service", "services"})


def commits(path: str, source: str) -> list[str]:
    if path == "cocreate/eventlog/record.py":
        return []
    return [f"{path}:{line}: only eventlog/record.py may {name}" for line, name in called_methods(source) if name in ("commit", "rollback")]


def emits(path: str, source: str) -> list[str]:
    if path.startswith("cocreate/live/"):
        return []
    broken = [f"{path}:{line}: only live/ may emit" for line, name in called_methods(source) if name == "emit"]
    return broken + [f"{path}:{line}: only live/ may emit" for line, name in used_names(path, source) if name in ("flask_socketio.emit", "flask_socketio.send")]


def ambient(path: str, source: str) -> list[str]:
    """The request and who is behind it are known at the doors only; everything inside is given an actor or viewer."""
    name = path.removesuffix(".py").rpartition("/")[2].rpartition("_")[2]
    if path.startswith("cocreate/entrypoints/") or name in ("web", "api", "sockets"):
        return []
    return _unique(f"{path}:{line}: {full} is for the doors only" for line, full in used_names(path, source) if any(_is_in(full, one) for one in AMBIENT))


def clocks(path: str, source: str) -> list[str]:
    if path == "cocreate/core/clock.py":
        return []
    return _unique(f"{path}:{line}: {name} is for core/clock.py only" for line, name in used_names(path, source) if CLOCK.fullmatch(name))


def markup(path: str, source: str) -> list[str]:
    if path == "cocreate/core/markdown.py":
        return []
    return _unique(
        f"{path}:{line}: HTML is trusted in core/markdown.py only"
        for line, name in used_names(path, source)
        if name in ("markupsafe.Markup", "flask.Markup", "jinja2.Markup")
    )


def outgoing(path: str, source: str) -> list[str]:
    if path == "cocreate/core/outbound.py":
        return []
    return _unique(
        f"{path}:{found.line}: {found.full} is for core/outbound.py only"
        for found in imports_of(path, source)
        if any(_is_in(found.full, package) for package in OUTGOING)
    )


def hidden_imports(path: str, source: str) -> list[str]:
    """No import inside a function, but in create_app and of what is heavy."""
    return [
        f"{path}:{found.line}: {found.full} is imported inside {found.function}"
        for found in imports_of(path, source)
        if found.function and not (path == "cocreate/__init__.py" and found.function == "create_app") and found.full.partition(".")[0] not in HEAVY
    ]


def drawers(path: str, source: str) -> list[str]:
    """A module's name says what it does."""
    names = set(path.removesuffix(".py").split("/"))
    return [f"{path}: a module is not called {name}" for name in sorted(names & DRAWERS)]


def first_lines(path: str, source: str) -> list[str]:
    """A module's first line says what belongs in it."""
    return [] if not source.strip() or source.startswith('"""') else [f"{path}: the first line does not say what belongs here"]


def _is_in(full: str, package: str) -> bool:
    return full == package or full.startswith(package + ".")


def _unique(sentences: object) -> list[str]:
    return list(dict.fromkeys(sentences))  # type: ignore[call-overload]
