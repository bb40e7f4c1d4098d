"""QR codes as SVG for documents: the payment code (EPC069-12) and the address of a certificate's check page."""

from decimal import Decimal

import segno
from segno.helpers import make_epc_qr
from stdnum.be import iban as be_iban
from stdnum.be import ogm_vcs


def payment(*, name: str, iban: str, bic: str, cents: int, ogm: str, slot: str, title: str) -> str:
    """The payment QR of a debit note (EPC069-12) as inline SVG.

    `slot` puts the reference in the `structured` or the `text` field; `title` is the alternative text.
    Raises stdnum's ValidationError when IBAN or reference are wrong: better no note than money sent astray.
    """
    be_iban.validate(iban)
    ogm_vcs.validate(ogm)
    where = {"reference": ogm} if slot == "structured" else {"text": f"+++{ogm_vcs.format(ogm)}+++"}
    code = make_epc_qr(name=name, iban=iban, bic=bic, amount=Decimal(cents) / 100, encoding="utf-8", **where)
    return str(code.svg_inline(scale=3, border=4, title=title))


def link(address: str, *, title: str) -> str:
    """A QR code that holds an address, as inline SVG with `title` as its alternative text."""
    return str(segno.make(address, error="m", micro=False).svg_inline(scale=3, border=2, title=title))
