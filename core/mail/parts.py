"""The parts of a received mail that hang on it, and its HTML made harmless; for mails that were read before."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message

from lxml import etree, html

#: Bytes; a larger mail is only given out as it came.
LARGEST = 25 << 20
_MOST_HTML = 1 << 20
_LARGEST_LOGO = 40 << 10
_SEALS = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_WORDS = "p br hr div span b strong i em u s sub sup ul ol li blockquote pre code h1 h2 h3 h4 h5 h6 a"
_KEPT = frozenset(f"{_WORDS} table thead tbody tfoot tr td th caption".split())
#: With everything in them.
_DROPPED = "//script|//style|//head|//title|//iframe|//object|//embed|//svg|//math|//form|//template|//noscript"
_ATTRIBUTES = {"a": ("href",), "td": ("colspan", "rowspan"), "th": ("colspan", "rowspan")}
_LINKS = ("http://", "https://", "mailto:")


def own_parts(part: Message) -> Iterator[Message]:
    """The parts of a mail itself; a mail attached to it counts as one part and is not opened."""
    yield part
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        for inner in part.get_payload():
            if isinstance(inner, Message):
                yield from own_parts(inner)


def is_attached(part: Message) -> bool:
    """Whether a part hangs on the mail instead of being its text."""
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def is_adornment(part: Message) -> bool:
    """Whether what hangs on a mail was not enclosed by its writer: a signature's logo, or a seal (RFC 8551, 3156)."""
    if part.get_content_type() in _SEALS:
        return True
    is_in_layout = part.get_content_disposition() != "attachment" and "Content-ID" in part
    return part.get_content_maintype() == "image" and is_in_layout and len(bytes_of(part)) <= _LARGEST_LOGO


def attached(parsed: Message) -> Iterator[Message]:
    """The parts that hang on a mail, in order."""
    return (part for part in own_parts(parsed) if is_attached(part))


def bytes_of(part: Message) -> bytes:
    """What a part holds, decoded; a mail attached to it as it stands there."""
    if part.is_multipart():
        return b"".join(inner.as_bytes() for inner in part.get_payload() if isinstance(inner, Message))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def content(raw: bytes, position: int) -> bytes | None:
    """The bytes of the attached part at a place, from 0; None when there is none."""
    parsed: Message = message_from_bytes(raw, policy=policy.compat32)
    found = next((part for place, part in enumerate(attached(parsed)) if place == position), None)
    return None if found is None else bytes_of(found)


def harmless_html(raw: bytes) -> str | None:
    """The first HTML of a mail with nothing left in it that runs, loads or hides; None when it has none."""
    parsed: Message = message_from_bytes(raw, policy=policy.compat32)
    for part in own_parts(parsed):
        if part.get_content_type() == "text/html" and not is_attached(part):
            text = bytes_of(part)[:_MOST_HTML].decode(_charset(part), "replace")
            return harmless(text) or None
    return None


def _charset(part: Message) -> str:
    try:
        name = part.get_content_charset() or "utf-8"
        "".encode(name)
    except (LookupError, ValueError):
        return "cp1252"
    return name


def harmless(source: str) -> str:
    """HTML of simple tags only: no scripts, styles, forms, comments or pictures, and no links but to pages and mail."""
    if not source.strip():
        return ""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    tree = html.fromstring(source.encode("utf-8", "replace"), parser=parser)
    root = html.Element("div")
    root.append(tree)
    for gone in root.xpath(_DROPPED):
        gone.drop_tree()
    for element in list(root.iter(etree.Element)):
        if element is not root:
            _tame(element)
    return str(html.tostring(root, encoding="unicode"))


def _tame(element: html.HtmlElement) -> None:
    if element.tag not in _KEPT:
        element.drop_tag()
        return
    for name in list(element.attrib):
        value = element.attrib[name]
        is_link = name != "href" or value.strip().lower().startswith(_LINKS)
        if name not in _ATTRIBUTES.get(element.tag, ()) or not is_link:
            del element.attrib[name]
    if element.tag == "a" and "href" in element.attrib:
        element.set("target", "_blank")
        element.set("rel", "noopener noreferrer nofollow")
