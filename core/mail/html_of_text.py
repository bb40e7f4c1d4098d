"""The HTML of a mail, made from its text: paragraphs, lists, tables of facts, and a button for a link of its own."""

import re

from markupsafe import Markup, escape

from core.mail.sandbox import PARTS, environment

_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_FACT = re.compile(r"([^:\n]{1,40}):[ \t]+(\S.*)")


def html_of(text: str) -> Markup:
    """Blocks of lines, separated by empty lines, each in the shape its lines suggest."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return Markup("\n").join(_block(block.splitlines()) for block in blocks if block.strip())


def _block(lines: list[str]) -> Markup:
    lines = [line.strip() for line in lines if line.strip()]
    if len(lines) == 2 and lines[0].endswith(":") and _LINK.fullmatch(lines[1]):
        return _part("button", lines[1], lines[0].removesuffix(":"))
    pairs = [_FACT.fullmatch(line) for line in lines]
    if len(lines) > 1 and all(pairs):
        return _part("facts", [(pair[1].strip(), pair[2].strip()) for pair in pairs if pair])
    if all(line.startswith("- ") for line in lines):
        items = Markup("").join(Markup("<li>{}</li>").format(_linked(line[2:])) for line in lines)
        return Markup("<ul>{}</ul>").format(items)
    return Markup("<p>{}</p>").format(Markup("<br>").join(_linked(line) for line in lines))


def _linked(line: str) -> Markup:
    """A line with its addresses as links."""
    found, at = Markup(""), 0
    for link in _LINK.finditer(line):
        found += escape(line[at : link.start()]) + Markup('<a href="{0}">{0}</a>').format(link[0])
        at = link.end()
    return found + escape(line[at:])


def _part(name: str, *values: object) -> Markup:
    """A building block of the layout."""
    return Markup(getattr(environment().get_template(f"nl/_{PARTS}.html").module, name)(*values))  # noqa: S704 - escaped
