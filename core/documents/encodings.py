"""Bytes of text files as they really come: UTF-8 with or without a mark, Windows-1252, and both in one file.

A byte that is not UTF-8 becomes a mark (a sign of Unicode's private use area); :func:`unmarked` reads the marks as
Windows-1252, so that the row at fault can be shown with what it was meant to say.
"""

import codecs
import re

_FIRST_MARK = 0xF700
_MARK = re.compile("[\uf780-\uf7ff]")
_FOREIGN = re.compile("[^\x00-\x7f\uf780-\uf7ff]")
#: UTF-8 that was read as Windows-1252: «Ã«» for «ë», «â€™» for «’».
_MISREAD = re.compile("[ÂÃÄÅâ][\u0080-\u00bf\u0152-\u0192\u02c6-\u02dc\u2013-\u2122]")
#: What a cell at fault holds; for a quick look at many cells.
BLEMISH = f"{_MARK.pattern}|{_MISREAD.pattern}|\ufffd"


def _marked(wrong: UnicodeError) -> tuple[str, int]:
    if not isinstance(wrong, UnicodeDecodeError):
        raise wrong
    found = wrong.object[wrong.start : wrong.end]
    return "".join(chr(_FIRST_MARK + byte) for byte in found), wrong.end


codecs.register_error("mark", _marked)


def decoded(raw: bytes) -> str:
    """The text of a file. Bytes outside its encoding are marked. Raises UnicodeDecodeError for a broken UTF-16 file."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16")
    raw = raw.removeprefix(codecs.BOM_UTF8)
    text = raw.decode("utf-8", "mark")
    marks = len(_MARK.findall(text))
    if marks and marks >= len(_FOREIGN.findall(text)):
        return raw.decode("cp1252", "mark")  # the few signs of UTF-8 in it are found as misread ones
    return text


def shown(text: str) -> str:
    """A text with its marks as readers know unreadable signs: «�»."""
    return _MARK.sub("\ufffd", text)


def unmarked(text: str) -> str:
    """What a text with marks or misread signs was meant to say; the same text when there is nothing to mend."""
    whole = _MARK.sub(lambda found: _single(ord(found[0]) - _FIRST_MARK), text)
    if not _MISREAD.search(whole):
        return whole
    try:
        return whole.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return _MISREAD.sub(_again, whole)


def _single(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "replace")


def _again(found: re.Match[str]) -> str:
    try:
        return found[0].encode("cp1252").decode("utf-8")
    except UnicodeError:
        return found[0]
