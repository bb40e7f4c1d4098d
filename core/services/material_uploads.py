"""A file of course material on its way in: piece by piece, resumable, then looked at, scanned and put in its place.

The pieces lie in the storage, so that any web process may take the next one. Putting them together takes seconds and
happens outside a transaction (:func:`assembled`); a door then adds the file with :func:`finish`.
"""

import hashlib
import secrets
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from core import access, audit, clock, storage
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import Course, Material, MaterialUpload
from core.rules import material as rules
from core.scanning import Infected, Scan
from core.services import material
from core.services.material import Stored
from core.settings import settings
from core.vocabulary import Actor, ActorKind, AuditTag

#: Bytes of one piece; only the last may be shorter.
PIECE = storage.PART
#: How long an upload that stands still is kept, and a removed file.
UPLOAD_HOURS = 24
REMOVED_DAYS = 30
_MOST_AT_ONCE = 50


class OutOfStep(DomainError):
    """A piece that is not the next one: what was received says where to go on."""

    message = N_("The upload went out of step. It goes on from where it was.")


class TooManyUploads(DomainError):
    """More unfinished uploads of one person than make sense."""

    message = N_("Too many files at once. Wait until some of them are in.")


@dataclass(frozen=True, slots=True)
class Upload:
    """How far a file is, bytes; `key` names it."""

    key: str
    filename: str
    size: int
    received: int

    @property
    def pieces(self) -> Iterator[str]:
        """Where its pieces lie, in order."""
        return (piece_key(self.key, at) for at in range(0, self.size, PIECE))


def piece_key(key: str, at: int) -> str:
    """Where the piece of an upload lies that begins at this byte."""
    return f"upload/{key}/{at:012}"


def begin(
    db: Db,
    actor: Actor,
    course_id: int,
    filename: str,
    size: int,
    *,
    day_id: int | None = None,
    replaces_id: int | None = None,
) -> Upload:
    """Announce a file of `size` bytes.

    Raises NotFound, NotAllowed, TooManyUploads and the refusals of `rules.material`.
    """
    course = material.editable_course(db, actor, course_id)
    name = rules.tidied_name(filename)
    rules.check_name(name, size, settings().material_largest_mb)
    own = db.scalars(select(MaterialUpload.key).where(MaterialUpload.owner == _owner(actor)).limit(_MOST_AT_ONCE)).all()
    if len(own) >= _MOST_AT_ONCE:
        raise TooManyUploads
    row = MaterialUpload(
        key=secrets.token_urlsafe(24),
        owner=_owner(actor),
        course_id=course.id,
        course_day_id=day_id,
        replaces_id=replaces_id,
        filename=name,
        size=size,
        received=0,
        started_at=clock.now(),
    )
    db.add(row)
    db.flush()
    return _upload(row)


def look(db: Db, actor: Actor, key: str) -> Upload:
    """How far an own upload is. Raises NotFound."""
    return _upload(_own(db, actor, key))


def check_piece(upload: Upload, at: int, length: int) -> None:
    """Refuse a piece that is not the next one, or has another length than it should. Raises OutOfStep."""
    if at != upload.received or length != min(PIECE, upload.size - at) or length == 0:
        raise OutOfStep


def advance(db: Db, actor: Actor, key: str, at: int, length: int) -> Upload:
    """Note that the piece at this byte lies in the storage. Of two at once one is OutOfStep. Raises NotFound."""
    row = _own(db, actor, key, lock=True)
    check_piece(_upload(row), at, length)
    row.received += length
    return _upload(row)


def assembled(upload: Upload) -> Stored:
    """Put the pieces together in the storage, looked at by content and by the virus scanner; whole in no memory.

    Raises OutOfStep while pieces miss, NotFound when they are gone, ContentDiffers, HoldsProgram, Infected,
    ScannerSilent or ScannerTooSmall; then nothing is left of what was put together.
    """
    if upload.received != upload.size:
        raise OutOfStep
    kind = rules.check_name(upload.filename, upload.size, settings().material_largest_mb)
    target = f"material/{secrets.token_urlsafe(24)}"
    try:
        storage.put_together(tuple(upload.pieces), target)
    except FileNotFoundError as gone:  # the clock cleaned up, or of two that finish the other was first
        raise access.NotFound from gone
    try:
        sha256 = _looked_at(upload, kind, target)
    except BaseException:
        storage.remove(target)
        raise
    return Stored(upload.filename, kind.media_type, upload.size, sha256, target)


def _looked_at(upload: Upload, kind: rules.Kind, target: str) -> str:
    """The SHA-256 of what was put together, read once for it and for the scanner. Raises as :func:`assembled`."""
    rules.check_head(upload.filename, kind, next(storage.chunks(target, 0, rules.HEAD), b""))
    digest, size = hashlib.sha256(), 0
    with Scan() as scan:
        for chunk in scan.passing(storage.chunks(target)):
            digest.update(chunk)
            size += len(chunk)
    if scan.virus is not None:
        raise Infected(name=upload.filename, virus=scan.virus)
    if size != upload.size:
        raise OutOfStep
    if kind.is_zip:
        rules.check_entries(upload.filename, kind, _entries(upload.filename, target))
    return digest.hexdigest()


def finish(db: Db, actor: Actor, key: str, stored: Stored) -> int:
    """Make a put-together upload course material; returns its id. Of two at once one gets NotFound."""
    row = _own(db, actor, key, lock=True)
    identity = material.add(db, actor, row.course_id, stored, day_id=row.course_day_id, replaces_id=row.replaces_id)
    db.delete(row)
    return identity


def refuse(db: Db, actor: Actor, key: str, virus: str) -> None:
    """Write down that a file held a virus, and forget the upload. Raises NotFound."""
    row = _own(db, actor, key, lock=True)
    course = db.get_one(Course, row.course_id)
    audit.record(db, actor, AuditTag.MATERIAL_REFUSED, course, name=row.filename, error=virus)
    db.delete(row)


def give_up(db: Db, actor: Actor, key: str) -> None:
    """Forget an own upload. Raises NotFound."""
    db.delete(_own(db, actor, key, lock=True))


def forget_pieces(key: str) -> None:
    """Remove the pieces of an upload from the storage, once its row is gone."""
    storage.remove(f"upload/{key}")


def stale(db: Db) -> tuple[tuple[str, ...], tuple[tuple[int, str], ...]]:
    """What the clock may clean up: uploads that stand still, and files removed long ago with where they lie."""
    uploads = db.scalars(
        select(MaterialUpload.key).where(MaterialUpload.started_at < clock.now() - timedelta(hours=UPLOAD_HOURS))
    ).all()
    removed = db.execute(
        select(Material.id, Material.storage_key)
        .where(Material.removed_at < clock.now() - timedelta(days=REMOVED_DAYS))
        .limit(500)
    ).all()
    return tuple(uploads), tuple((identity, key) for identity, key in removed)


def forget(db: Db, uploads: tuple[str, ...], removed: tuple[int, ...]) -> None:
    """Forget the rows of what the clock cleaned up."""
    db.execute(delete(MaterialUpload).where(MaterialUpload.key.in_(uploads)))
    db.execute(delete(Material).where(Material.id.in_(removed), Material.removed_at.is_not(None)))


def _entries(name: str, key: str) -> list[str]:
    """The names in a ZIP; one whose list of names is huge is not opened (it would fill the memory)."""
    try:
        with storage.opened(key) as source:
            rules.check_list(name, rules.list_of_zip(source))
            with zipfile.ZipFile(source) as archive:
                return archive.namelist()
    except (zipfile.BadZipFile, RuntimeError, UnicodeDecodeError, ValueError) as wrong:
        raise rules.ContentDiffers(name=name) from wrong


def _owner(actor: Actor) -> str:
    """Who brings a file: an account, or a teacher by whichever link. Raises NotFound for others."""
    identity = actor.teacher_id if actor.kind is ActorKind.TEACHER else actor.account_id
    if identity is None:
        raise access.NotFound
    return f"{actor.kind.value}:{identity}"


def _own(db: Db, actor: Actor, key: str, *, lock: bool = False) -> MaterialUpload:
    wanted = select(MaterialUpload).where(MaterialUpload.key == key, MaterialUpload.owner == _owner(actor))
    row = db.scalar(wanted.with_for_update().execution_options(populate_existing=True) if lock else wanted)
    if row is None:
        raise access.NotFound
    return row


def _upload(row: MaterialUpload) -> Upload:
    return Upload(row.key, row.filename, row.size, row.received)
