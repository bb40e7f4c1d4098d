"""The seal of certificates: off by default; with a key the file validates, says who made it, and shows any change."""

import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from core.db import write
from core.documents import certificates as documents
from core.documents import seals
from core.models import Certificate
from core.services import certificates
from core.settings import settings
from core.vocabulary import CLOCK, Language
from tests.builders import a_course, a_person, an_enrolment
from tests.documents.test_documents import is_tagged, xmp_of

PASSWORD = "van het zegel"


def certified(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: str, by: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    """A certificate of a key; an issuer of the same name makes a root."""
    now, is_root = datetime.now(UTC), name == issuer
    usage = x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=not is_root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(by, hashes.SHA256())
    )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the certificate of a made-up authority, and a key that it certified."""
    folder = tmp_path_factory.mktemp("seal")
    above, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root, leaf = (
        certified("Testgezag", above, "Testgezag", above),
        certified("Zegel van het CNO", own, "Testgezag", above),
    )
    (folder / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    packed = pkcs12.serialize_key_and_certificates(
        b"cno", own, leaf, [root], BestAvailableEncryption(PASSWORD.encode())
    )
    (folder / "seal.p12").write_bytes(packed)
    return folder


@pytest.fixture
def sealing(authority: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings name that key."""
    monkeypatch.setenv("CERTIFICATE_SEAL", str(authority / "seal.p12"))
    monkeypatch.setenv("CERTIFICATE_SEAL_PASSWORD", PASSWORD)
    settings.cache_clear()
    return authority


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    """Each test has the settings that it makes."""
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def payload(sqlite_database: str, noon: datetime) -> str:
    """What a certificate is made from."""
    with write() as db:
        seat = an_enrolment(db, a_course(db, in_days=-30), a_person(db), None)
        return db.get_one(Certificate, certificates.issue(db, CLOCK, seat.id, Language.DUTCH)).payload


def status_of(signature: EmbeddedPdfSignature, trust: ValidationContext) -> PdfSignatureStatus:
    """What pyHanko's own validator says, in a thread: a browser's journey leaves a running loop in the main one."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(validate_pdf_signature, signature, trust).result()


def looked_at(content: bytes, authority: Path) -> PdfSignatureStatus:
    """What a reader that trusts the authority says of the one seal of a file."""
    (signature,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
    trust = ValidationContext(trust_roots=[load_cert_from_pemder(str(authority / "root.pem"))], allow_fetching=False)
    return status_of(signature, trust)


def test_without_a_key_nothing_is_sealed(payload: str) -> None:
    made = documents.render(payload)
    assert not seals.is_on()
    assert PdfFileReader(io.BytesIO(made)).embedded_signatures == []


def test_a_sealed_certificate_validates_and_stays_an_archivable_file(payload: str, sealing: Path) -> None:
    made = documents.render(payload)
    status = looked_at(made, sealing)
    assert (status.intact, status.valid, status.trusted, status.bottom_line) == (True, True, True, True)
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.signing_cert.subject.native["common_name"] == "Zegel van het CNO"
    assert re.search(r"part\D*2", xmp_of(made)) and re.search(r"conformance\W*A", xmp_of(made))
    assert is_tagged(made)
    with pikepdf.open(io.BytesIO(made)) as document:
        (field,) = document.Root.AcroForm.Fields
        assert str(field.V.SubFilter) == "/ETSI.CAdES.detached"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CERTIFICATE_SEAL", "")
        settings.cache_clear()
        assert made.startswith(documents.render(payload)), "what was sealed is untouched, the seal follows it"


def test_a_changed_byte_and_an_authority_that_is_not_trusted_show(payload: str, sealing: Path) -> None:
    made = documents.render(payload)
    at = made.index(b"/Producer") + 12
    changed = made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :]
    assert not looked_at(changed, sealing).intact
    (signature,) = PdfFileReader(io.BytesIO(made)).embedded_signatures
    unknown = status_of(signature, ValidationContext(trust_roots=[], allow_fetching=False))
    assert (unknown.intact, unknown.trusted, unknown.bottom_line) == (True, False, False)


def test_a_key_that_cannot_be_used_makes_no_certificate_without_it(
    payload: str, sealing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("CERTIFICATE_SEAL_PASSWORD", "verkeerd"), ("CERTIFICATE_SEAL", str(sealing / "weg.p12"))):
        monkeypatch.setenv(name, value)
        settings.cache_clear()
        with pytest.raises((ValueError, OSError)):
            documents.render(payload)
