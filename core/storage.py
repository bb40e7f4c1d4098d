"""Where course material lies (fsspec): a folder by default, an S3-compatible bucket in production."""

from collections.abc import Iterator
from typing import BinaryIO

import fsspec

from core.settings import settings

CHUNK = 256 * 1024  # bytes


def _place(key: str) -> tuple[fsspec.AbstractFileSystem, str]:
    files, root = fsspec.core.url_to_fs(settings().material_url)
    return files, f"{root}/{key}"


def save(key: str, source: BinaryIO) -> int:
    """Store a file under a key, chunk by chunk; returns its size in bytes."""
    files, path = _place(key)
    files.makedirs(path.rpartition("/")[0], exist_ok=True)
    size = 0
    with files.open(path, "wb") as target:
        while chunk := source.read(CHUNK):
            target.write(chunk)
            size += len(chunk)
    return size


def chunks(key: str) -> Iterator[bytes]:
    """The bytes of a stored file, chunk by chunk. Raises FileNotFoundError."""
    files, path = _place(key)
    with files.open(path, "rb") as source:
        while chunk := source.read(CHUNK):
            yield chunk


def exists(key: str) -> bool:
    """Whether a file is stored under a key."""
    files, path = _place(key)
    return bool(files.exists(path))
