"""What a coordinator uploads for one import: tables (CSV, XLSX), and a ZIP with the PDFs that they name."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO

from core.documents import tables
from core.documents.tables import FileUnreadable, Table
from core.errors import DomainError
from core.i18n import N_

MOST_PDF_BYTES = 20_000_000
Tell = Callable[[float], None]


class ArchiveTooLarge(DomainError):
    """A ZIP that unpacks to more than anybody sends."""

    message = N_("{file} holds a file that is too large: at most {most} MB each.")


class PdfTwice(DomainError):
    """Two files of a ZIP with one name: which one a row means cannot be known."""

    message = N_("{file} holds two files named «{name}». Give each its own name.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was uploaded; its source can be read from the start again."""

    name: str
    source: BinaryIO


@dataclass
class Parcel:
    """The uploaded files, opened. PDFs stay in their archive until they are needed, one at a time."""

    tables: list[Table] = field(default_factory=list)
    files: list[dict[str, str]] = field(default_factory=list)
    _pdfs: dict[str, tuple[zipfile.ZipFile, zipfile.ZipInfo]] = field(default_factory=dict)

    @staticmethod
    def key(name: str) -> str:
        """What two names of files are compared by: folders and capitals do not count."""
        return _key(name)

    def has_pdf(self, name: str) -> bool:
        """Whether an archive holds a PDF of this name that is one, and is not too large."""
        found = self._pdfs.get(_key(name))
        if found is None or found[1].file_size > MOST_PDF_BYTES:
            return False
        with found[0].open(found[1]) as source:
            return source.read(5) == b"%PDF-"

    def pdf(self, name: str) -> bytes:
        """The bytes of a PDF. Raises KeyError."""
        archive, member = self._pdfs[_key(name)]
        return archive.read(member)

    def pdf_names(self) -> Iterator[str]:
        """The PDFs that came along, as they are compared."""
        yield from self._pdfs

    def close(self) -> None:
        """Let go of the archives."""
        for archive in {id(archive): archive for archive, _member in self._pdfs.values()}.values():
            archive.close()


def opened(uploads: Iterable[Upload], tell: Tell = lambda _share: None) -> Parcel:
    """Read all tables, and find the PDFs. Raises the refusals of `core.documents.tables`, ArchiveTooLarge, PdfTwice."""
    parcel, uploads = Parcel(), list(uploads)
    for position, upload in enumerate(uploads, start=1):
        upload.source.seek(0)
        digest = hashlib.file_digest(upload.source, "sha256").hexdigest()  # type: ignore[arg-type]
        parcel.files.append({"name": upload.name, "sha256": digest})
        upload.source.seek(0)
        if _is_archive(upload):
            _unpack(upload, parcel)
        else:
            parcel.tables += tables.read(upload.name, upload.source)
        tell(position / len(uploads))
    return parcel


def _key(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name.strip().casefold()


def _is_archive(upload: Upload) -> bool:
    """Whether it is a ZIP, and not a workbook (which is one inside)."""
    if not zipfile.is_zipfile(upload.source):
        return False
    upload.source.seek(0)
    with zipfile.ZipFile(upload.source) as archive:
        return "[Content_Types].xml" not in archive.namelist()


def _unpack(upload: Upload, parcel: Parcel) -> None:
    archive = zipfile.ZipFile(upload.source)
    for member in archive.infolist():
        name = _key(member.filename)
        if member.is_dir() or not name or name.startswith(".") or member.filename.startswith("__MACOSX"):
            continue
        if member.flag_bits & 1:
            raise FileUnreadable(file=upload.name)
        if name.endswith((".csv", ".xlsx", ".txt")):
            if member.file_size > MOST_PDF_BYTES:
                raise ArchiveTooLarge(file=upload.name, most=MOST_PDF_BYTES // 1_000_000)
            parcel.tables += tables.read(PurePosixPath(member.filename).name, io.BytesIO(archive.read(member)))
        elif name in parcel._pdfs:
            raise PdfTwice(file=upload.name, name=PurePosixPath(member.filename).name)
        else:
            parcel._pdfs[name] = (archive, member)
