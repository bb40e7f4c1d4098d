"""Bank files: one reader for camt.052/053/054, one for CODA 2.x, behind the same frozen values (`billing.md` §9)."""

from core.documents.bank import camt, coda
from core.documents.bank.statement import (
    Doubt,
    FileTooLarge,
    Line,
    NotABankFile,
    Statement,
    UnreadableBankFile,
)

__all__ = ["Doubt", "FileTooLarge", "Line", "NotABankFile", "Statement", "UnreadableBankFile", "read"]

MOST_BYTES = 20 * 1024 * 1024


def read(content: bytes, name: str = "") -> tuple[Statement, ...]:
    """Every statement in a file, of whichever format it is.

    Raises FileTooLarge above 20 MB, NotABankFile for another kind of file, UnreadableBankFile for a broken one.
    """
    if len(content) > MOST_BYTES:
        raise FileTooLarge(name=name, most=MOST_BYTES // (1024 * 1024))
    start = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<") or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return camt.read(content, name)
    if start.startswith(b"00000"):
        return coda.read(content, name)
    raise NotABankFile(name=name)
