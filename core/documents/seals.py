"""The seal of certificates, when CNO has one: a PAdES signature (ETSI EN 319 142) that leaves the PDF/A as it is.

Who opens the file sees that it comes from CNO and was not changed, as far as the reader trusts who issued the key. Off
until `CERTIFICATE_SEAL` names a PKCS#12 file; with one that cannot be used no certificate is made without it.
"""

import io
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.settings import settings

if TYPE_CHECKING:
    from pyhanko.sign import SimpleSigner

FIELD = "CNO"


def is_on() -> bool:
    """Whether certificates are sealed."""
    return bool(settings().certificate_seal)


def sealed(pdf: bytes) -> bytes:
    """The PDF with the seal after its last byte, or as it is without one.

    Raises OSError when the file with the key cannot be read, ValueError when it or its password is wrong.
    """
    if not is_on():
        return pdf
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 - heavy: only with a seal
    from pyhanko.sign import PdfSignatureMetadata, sign_pdf  # noqa: PLC0415
    from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415

    own = settings()
    about = PdfSignatureMetadata(field_name=FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    signer = _signer(own.certificate_seal, own.certificate_seal_password)
    with ThreadPoolExecutor(1) as apart:  # it starts an event loop, and the caller's thread may have one already
        made = apart.submit(sign_pdf, IncrementalPdfFileWriter(io.BytesIO(pdf)), about, signer).result()
    return bytes(made.getvalue())


@lru_cache(maxsize=2)
def _signer(path: str, password: str) -> "SimpleSigner":
    """The key and its chain, read once a process."""
    from pyhanko.sign import SimpleSigner  # noqa: PLC0415

    content, passphrase = Path(path).read_bytes(), password.encode() or None
    signer: SimpleSigner | None = SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=passphrase)
    if signer is None:
        raise ValueError("CERTIFICATE_SEAL or its password is wrong")
    return signer
