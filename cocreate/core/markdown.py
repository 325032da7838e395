"""Markdown to safe HTML. The parser is super-linear on hostile text and holds the interpreter, so that long text is rendered by a child process
with a deadline; what misses it is shown as plain paragraphs. Sanitised last, and never touched after."""

import atexit
import re
import subprocess
import sys
from html import escape
from pathlib import Path
from threading import Lock
from typing import IO

import markdown
import nh3
from markupsafe import Markup

DEADLINE = 1  # seconds of the child's time for one text
INLINE_LENGTH = 200  # characters; up to here the worst text known takes under 20 ms, measured by `make bench`
TAGS = {"p", "br", "em", "strong", "del", "a", "ul", "ol", "li", "blockquote", "code", "pre", "h3", "h4", "hr"}
EXTENSIONS = ["pymdownx.magiclink", "pymdownx.tilde", "nl2br", "sane_lists"]
_LEADS = re.compile(r"(?:https?://|mailto:|/(?![/\\]))[^\x00-\x20]*", re.IGNORECASE)
CONFIGS = {"pymdownx.magiclink": {"hide_protocol": True}, "pymdownx.tilde": {"subscript": False}}

_child: subprocess.Popen[bytes] | None = None
_turn = Lock()


def render(text: str) -> str:
    """Safe HTML of a Markdown text: links only to http, https, mailto and this site, no images, no ids or classes."""
    if not text:
        return ""
    html = clean(convert(text)) if len(text) <= INLINE_LENGTH else _render_apart(text)
    return html or clean(plain(text))  # link definitions alone leave nothing; nobody's words vanish


def convert(text: str) -> str:
    """Unsafe HTML, as Python-Markdown makes it; raw HTML is shown as text."""
    parser = markdown.Markdown(extensions=EXTENSIONS, extension_configs=CONFIGS, output_format="html")
    parser.preprocessors.deregister("html_block")
    parser.inlinePatterns.deregister("html")
    return parser.convert(text.replace("\x02", "").replace("\x03", ""))


def clean(html: str) -> str:
    """What may stand on a page, and nothing else."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}, "*": set()},
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener noreferrer",
    )


def _kept(_tag: str, name: str, value: str) -> str | None:
    """An address leads where it says, or nowhere: `//elsewhere` and `java script:` pass for relative ones."""
    return value if name != "href" or _LEADS.fullmatch(value) else None


def trusted(html: str) -> Markup:
    """HTML that `render` made and a row kept, for a template: the one place where stored HTML is believed."""
    return Markup(html)  # noqa: S704


def plain(text: str) -> str:
    """The fallback: paragraphs and line ends, everything else as typed."""
    return "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in text.split("\n\n") if part.strip())


def _render_apart(text: str) -> str:
    global _child
    with _turn:
        try:
            if _child is None or _child.poll() is not None:
                _child = _start_child()
            return _ask(_child, text)
        except (OSError, EOFError):
            stop_child()
            return clean(plain(text))


def _ask(child: "subprocess.Popen[bytes]", text: str) -> str:
    assert child.stdin
    assert child.stdout
    body = text.encode()
    child.stdin.write(len(body).to_bytes(4, "big") + body)
    child.stdin.flush()
    length = int.from_bytes(_read(child.stdout, 4), "big")
    return _read(child.stdout, length).decode()


def _read(stream: IO[bytes], count: int) -> bytes:
    found = b""
    while len(found) < count:
        part = stream.read(count - len(found))
        if not part:
            raise EOFError
        found += part
    return found


def _start_child() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "cocreate.core.markdown_child", str(DEADLINE)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])


def stop_child() -> None:
    """End the child, at exit or after it missed a deadline; the next long text starts another."""
    global _child
    if _child is not None:
        _child.kill()
        _child.wait()
        for pipe in (_child.stdin, _child.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:
                    pass  # what was still buffered for the dead child
        _child = None


atexit.register(stop_child)
