"""The HTML that a coordinator writes: simple tags that every mail program shows, closed in order, nothing that runs."""

import re
from html.parser import HTMLParser

from core.errors import DomainError
from core.i18n import N_

_VOID = frozenset({"br", "hr"})
_TAGS = _VOID | {"p", "a", "strong", "b", "em", "i", "u", "ul", "ol", "li", "h2", "h3", "blockquote", "span", "div"}
_TAGS |= {"table", "tbody", "thead", "tr", "td", "th"}
_ATTRIBUTES = frozenset({"href", "style", "colspan", "rowspan", "role", "title", "align"})
_LINK = re.compile(r"https?:|mailto:|{{\s*(url\(|course_url\b|\w+\.online_url\b)", re.IGNORECASE)
_FILLED_IN = re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)
_STYLE = re.compile(r"[\w\s:;#,.%'()-]*")


class HtmlRefused(DomainError):
    """HTML that a mail may not hold."""

    message = N_("Line {line}, character {place}: «{what}» is not possible in a mail.")


class HtmlNotClosed(DomainError):
    """Tags that do not close in order."""

    message = N_("Line {line}, character {place}: «{what}» is not closed, or closed twice.")


class _Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, tuple[int, int]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self._refuse(HtmlRefused, f"<{tag}>")
        for name, value in attrs:
            is_link = name != "href" or _LINK.match((value or "").strip())
            is_style = name != "style" or (_STYLE.fullmatch(value or "") and "url" not in (value or "").lower())
            if name not in _ATTRIBUTES or not is_link or not is_style:
                self._refuse(HtmlRefused, name)
        if tag not in _VOID:
            self.open.append((tag, self.getpos()))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self.open or self.open[-1][0] != tag:
            self._refuse(HtmlNotClosed, f"</{tag}>")
        self.open.pop()

    def handle_decl(self, decl: str) -> None:
        self._refuse(HtmlRefused, f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self._refuse(HtmlRefused, f"<?{data}>")

    def handle_comment(self, data: str) -> None:
        self._refuse(HtmlRefused, f"<!--{data}-->"[:40])

    def _refuse(self, kind: type[DomainError], what: str, at: tuple[int, int] | None = None) -> None:
        line, place = at or self.getpos()
        raise kind(field="html", what=what, line=line, place=place + 1)

    def end(self) -> None:
        """The text is over: nothing may be open."""
        if self.open:
            tag, at = self.open[-1]
            self._refuse(HtmlNotClosed, f"<{tag}>", at)


def check_html(source: str) -> None:
    """Refuse HTML that runs something, loads something, or does not close. Raises HtmlRefused or HtmlNotClosed."""
    checker = _Checker()
    checker.feed(_FILLED_IN.sub(lambda found: re.sub("[\"'<>]", "_", found[0]), source))
    checker.close()
    checker.end()
