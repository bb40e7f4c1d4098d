"""Where course material lies (fsspec): a folder by default, an S3-compatible bucket in production."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import fsspec
from fsspec.implementations.local import LocalFileSystem

from core.settings import settings

CHUNK = 256 * 1024  # bytes
#: The least that a bucket takes as a part of a larger file, but for the last; also what is sent or fetched at once.
PART = 5 << 20
_COPIED_AT_ONCE = 1 << 20


def _options() -> dict[str, Any]:
    own = settings()
    if not own.material_url.startswith("s3://"):
        return {}
    return {
        "endpoint_url": own.material_s3_endpoint or None,
        "key": own.material_s3_key or None,
        "secret": own.material_s3_secret or None,
        "default_block_size": PART,
        "use_listings_cache": False,  # another process writes too
        # what other servers than Amazon's own understand: no newer checksums, the bucket in the path of the address
        "config_kwargs": {
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
            "s3": {"addressing_style": "path" if own.material_s3_endpoint else "auto"},
        },
    }


def _place(key: str) -> tuple[fsspec.AbstractFileSystem, str]:
    files, root = fsspec.core.url_to_fs(settings().material_url, **_options())
    return files, f"{root}/{key}"


def save(key: str, source: BinaryIO) -> int:
    """Store a file under a key, chunk by chunk; returns its size in bytes."""
    return write(key, iter(lambda: source.read(CHUNK), b""))


def write(key: str, pieces: Iterable[bytes]) -> int:
    """Store what comes in pieces under a key, never whole in memory; returns its size in bytes.

    What breaks off in the middle is not left behind.
    """
    files, path = _place(key)
    files.makedirs(path.rpartition("/")[0], exist_ok=True)
    size = 0
    try:
        with files.open(path, "wb") as target:
            for piece in pieces:
                target.write(piece)
                size += len(piece)
    except BaseException:
        remove(key)
        raise
    return size


def put_together(keys: Sequence[str], target: str) -> None:
    """Make one file of stored ones, in their order; they stay, and none is whole in memory.

    A bucket does it on its server, without a byte coming here; it wants :data:`PART` bytes of each but the last.
    What breaks off in the middle is not left behind. Raises FileNotFoundError.
    """
    files, path = _place(target)
    sources = [_place(key)[1] for key in keys]
    try:
        if isinstance(files, LocalFileSystem):
            files.makedirs(path.rpartition("/")[0], exist_ok=True)
            with Path(path).open("wb") as whole:
                for source in sources:
                    with Path(source).open("rb") as piece:
                        shutil.copyfileobj(piece, whole, _COPIED_AT_ONCE)
        elif len(sources) == 1:
            files.cp_file(sources[0], path)
        else:
            files.merge(path, sources)
    except BaseException:
        remove(target)
        raise


def chunks(key: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
    """The bytes of a stored file from `start` up to before `stop`, chunk by chunk. Raises FileNotFoundError."""
    with opened(key) as source:
        source.seek(start)
        left = None if stop is None else stop - start
        while chunk := source.read(CHUNK if left is None else min(CHUNK, left)):
            yield chunk
            if left is not None:
                left -= len(chunk)


def opened(key: str) -> BinaryIO:
    """A stored file to read in, forth and back. Raises FileNotFoundError."""
    files, path = _place(key)
    stream: BinaryIO = files.open(path, "rb")
    return stream


def exists(key: str) -> bool:
    """Whether a file is stored under a key."""
    files, path = _place(key)
    return bool(files.exists(path))


def remove(key: str) -> None:
    """Forget what is stored under a key, a file or all that begins with it and a slash; nothing there is fine."""
    files, path = _place(key)
    try:
        files.rm(path, recursive=True)
    except FileNotFoundError:
        return
