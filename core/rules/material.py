"""Which files course material may be: a list of kinds, told by what is in a file and not by its name alone."""

import re
import struct
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from core.errors import DomainError
from core.i18n import N_

#: Bytes at the beginning of a file that tell its kind.
HEAD = 4096
LONGEST_NAME = 200
MOST_ENTRIES = 10_000
_LONGEST_ZIP_END = 22 + 65_535 + 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
#: What starts a program by a click; never inside a ZIP for teachers.
_PROGRAMS = (
    *(".exe", ".com", ".scr", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".msi", ".jar"),
    *(".lnk", ".hta", ".pif", ".dll", ".reg", ".iso", "vbaproject.bin"),
)


class KindNotAllowed(DomainError):
    """A file whose kind is not on the list."""

    message = N_("«{name}» cannot be course material. Allowed are: {kinds}.")


class ContentDiffers(DomainError):
    """A file that is not what its name says."""

    message = N_("«{name}» is not what its name says. Save the file again in the right program.")


class HoldsProgram(DomainError):
    """A file with a program or macros in it."""

    message = N_("«{name}» holds a program or macros ({what}). Save it without them.")


class TooManyEntries(DomainError):
    """A ZIP with more files than anybody opens."""

    message = N_("«{name}» holds too many files. Divide it over several.")


class FileTooLarge(DomainError):
    """More bytes than one file may have."""

    message = N_("«{name}» is larger than {most} MB. Make it smaller, or divide it.")


class FileEmpty(DomainError):
    """A file without anything in it."""

    message = N_("«{name}» is empty.")


class NameEmpty(DomainError):
    """A file without a name to show."""

    message = N_("Give the file a name.")


class DatesTurned(DomainError):
    """Visible until a day before it becomes visible."""

    message = N_("The last day must not be before the first.")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: how it is told by its first bytes, and by the names in it when it is a ZIP."""

    media_type: str
    begins: Callable[[bytes], bool]
    holds: str = ""

    @property
    def is_zip(self) -> bool:
        """Whether it is a ZIP, of which the names tell more."""
        return self.begins is _zip


def _starts(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(signatures)


def _zip(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == form


def _media(head: bytes) -> bool:
    return head[4:8] == b"ftyp"


def _mp3(head: bytes) -> bool:
    return head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xf3", b"\xf2", b"\xfa"))


def _text(head: bytes) -> bool:
    return all(byte >= 0x20 or byte in b"\t\r\n\f" for byte in head)


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", lambda head: b"%PDF-" in head[:1024]),
    "docx": Kind(f"{_OOXML}.wordprocessingml.document", _zip, "word/"),
    "pptx": Kind(f"{_OOXML}.presentationml.presentation", _zip, "ppt/"),
    "ppsx": Kind(f"{_OOXML}.presentationml.slideshow", _zip, "ppt/"),
    "xlsx": Kind(f"{_OOXML}.spreadsheetml.sheet", _zip, "xl/"),
    "odt": Kind(f"{_ODF}.text", _zip, "content.xml"),
    "odp": Kind(f"{_ODF}.presentation", _zip, "content.xml"),
    "ods": Kind(f"{_ODF}.spreadsheet", _zip, "content.xml"),
    "epub": Kind("application/epub+zip", _zip, "META-INF/"),
    "zip": Kind("application/zip", _zip),
    "jpg": Kind("image/jpeg", _starts(b"\xff\xd8\xff")),
    "jpeg": Kind("image/jpeg", _starts(b"\xff\xd8\xff")),
    "png": Kind("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    "gif": Kind("image/gif", _starts(b"GIF87a", b"GIF89a")),
    "webp": Kind("image/webp", _riff(b"WEBP")),
    "mp3": Kind("audio/mpeg", _mp3),
    "m4a": Kind("audio/mp4", _media),
    "wav": Kind("audio/wav", _riff(b"WAVE")),
    "ogg": Kind("audio/ogg", _starts(b"OggS")),
    "mp4": Kind("video/mp4", _media),
    "mov": Kind("video/quicktime", _media),
    "webm": Kind("video/webm", _starts(b"\x1a\x45\xdf\xa3")),
    "txt": Kind("text/plain", _text),
    "csv": Kind("text/csv", _text),
}


def tidied_name(name: str) -> str:
    """The name of a file as it is kept: without folders and signs that cannot be seen, its ending never cut off.

    Raises NameEmpty.
    """
    bare = " ".join(_INVISIBLE.sub("", name.replace("\\", "/").rpartition("/")[2]).split()).lstrip(". ")
    stem, dot, ending = bare.rpartition(".")
    if not stem:
        stem, dot, ending = bare, "", ""
    if not stem:
        raise NameEmpty
    return stem[: LONGEST_NAME - len(dot + ending)].rstrip() + dot + ending[:20]


def ending_of(name: str) -> str:
    """The ending of a file's name, in small letters, without its point."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def check_name(name: str, size: int, most_mb: int) -> Kind:
    """The kind that a file's name promises, before anything of it comes in; `size` in bytes.

    Raises KindNotAllowed, FileEmpty or FileTooLarge.
    """
    kind = KINDS.get(ending_of(name))
    if kind is None:
        raise KindNotAllowed(name=name, kinds=", ".join(KINDS))
    if size <= 0:
        raise FileEmpty(name=name)
    if size > most_mb * 1_000_000:
        raise FileTooLarge(name=name, most=most_mb)
    return kind


def check_head(name: str, kind: Kind, head: bytes) -> None:
    """Refuse a file whose first bytes are of another kind. Raises ContentDiffers."""
    if head.startswith(_OLE) or not kind.begins(head):
        raise ContentDiffers(name=name)


def check_entries(name: str, kind: Kind, entries: Collection[str]) -> None:
    """Refuse a ZIP that holds something else than its kind, a program or macros.

    Raises ContentDiffers or HoldsProgram.
    """
    if kind.holds and not any(entry.startswith(kind.holds) for entry in entries):
        raise ContentDiffers(name=name)
    for entry in entries:
        small = entry.lower()
        if small.endswith(_PROGRAMS) or small.startswith("basic/script"):
            raise HoldsProgram(name=name, what=entry[-80:])


def list_of_zip(source: BinaryIO) -> tuple[int, int]:
    """How many files a ZIP lists and how long that list is, bytes (APPNOTE.TXT 4.3.14–4.3.16). Raises ValueError."""
    size = source.seek(0, 2)
    begin = source.seek(max(0, size - _LONGEST_ZIP_END))
    tail = source.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise ValueError("no list of files")
    entries, length = struct.unpack("<HL", tail[at + 10 : at + 16])
    locator = tail[at - 20 : at] if at >= 20 else b""
    if locator.startswith(b"PK\x06\x07"):
        source.seek(min(struct.unpack("<Q", locator[8:16])[0], begin + at))
        wide = source.read(56)
        if len(wide) < 56:
            raise ValueError("no list of files")
        entries, length = struct.unpack("<QQ", wide[32:48])
    return entries, length


def check_list(name: str, listed: tuple[int, int]) -> None:
    """Refuse a ZIP with a list of files that is too long to look at. Raises TooManyEntries."""
    entries, length = listed
    if entries > MOST_ENTRIES or length > MOST_ENTRIES * 400:
        raise TooManyEntries(name=name)


def check_dates(first: date | None, last: date | None) -> None:
    """Refuse days in the wrong order. Raises DatesTurned."""
    if first is not None and last is not None and last < first:
        raise DatesTurned(field="visible_until")
