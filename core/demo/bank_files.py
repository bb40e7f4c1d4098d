"""Bank files to try out and to measure with: camt.052, 053 and 054 and CODA 2 around movements that are given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

_SPACE = "urn:iso:std:iso:20022:tech:xsd:{kind}.001.{version:02}"
_PARTS = {
    "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
    "camt.053": ("BkToCstmrStmt", "Stmt"),
    "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of a bank file; `cents` below 0 went out. `ogm`: the structured reference: twelve digits, or RF…."""

    booked_on: date
    cents: int
    bank_ref: str
    name: str = ""
    iban: str = ""
    ogm: str = ""
    text: str = ""
    end_to_end: str = ""
    is_reversal: bool = False


def _euro(cents: int) -> str:
    return f"{Decimal(abs(cents)) / 100:.2f}"


def _sign(cents: int) -> str:
    return "CRDT" if cents >= 0 else "DBIT"


def camt_053(
    account: str, movements: Iterable[Movement], *, opened: int = 0, number: int = 1, version: int = 2
) -> bytes:
    """A camt.053 statement: of version 2, or of version 8 with its other places for the same facts."""
    return camt("camt.053", account, movements, opened=opened, number=number, version=version)


def camt(
    kind: str, account: str, movements: Iterable[Movement], *, opened: int = 0, number: int = 1, version: int = 2
) -> bytes:
    """A statement as camt.052, 053 or 054."""
    message, part = _PARTS[kind]
    moved = list(movements)
    closed = opened + sum(movement.cents for movement in moved)
    last = max((movement.booked_on for movement in moved), default=date(2026, 1, 1))
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{_euro(cents)}</Amt>"
        f"<CdtDbtInd>{_sign(cents)}</CdtDbtInd><Dt><Dt>{last}</Dt></Dt></Bal>"
        for code, cents in (("OPBD", opened), ("CLBD", closed))
    )
    entries = "".join(_entry(movement, is_new=version >= 8) for movement in moved)
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<Document xmlns='{_SPACE.format(kind=kind, version=version)}'>"
        f"<{message}>"
        f"<GrpHdr><MsgId>M{number}</MsgId><CreDtTm>{last}T18:00:00</CreDtTm></GrpHdr><{part}><Id>S{number}</Id>"
        f"<LglSeqNb>{number}</LglSeqNb><Acct><Id><IBAN>{account}</IBAN></Id></Acct>{balances}{entries}</{part}>"
        f"</{message}></Document>"
    ).encode()


def _entry(movement: Movement, *, is_new: bool) -> str:
    status = "<Sts><Cd>BOOK</Cd></Sts>" if is_new else "<Sts>BOOK</Sts>"
    party = "Dbtr" if (movement.cents > 0) != movement.is_reversal else "Cdtr"
    name = f"<Nm>{escape(movement.name)}</Nm>"
    named = f"<{party}>{f'<Pty>{name}</Pty>' if is_new else name}</{party}>" if movement.name else ""
    account = f"<{party}Acct><Id><IBAN>{movement.iban}</IBAN></Id></{party}Acct>" if movement.iban else ""
    parties = f"<RltdPties>{named}{account}</RltdPties>" if named or account else ""
    issuer = "ISO" if movement.ogm.startswith("RF") else "BBA"
    structured = (
        f"<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>{issuer}</Issr></Tp>"
        f"<Ref>{movement.ogm}</Ref></CdtrRefInf></Strd>"
        if movement.ogm
        else ""
    )
    free = f"<Ustrd>{escape(movement.text)}</Ustrd>" if movement.text else ""
    remittance = f"<RmtInf>{free}{structured}</RmtInf>" if free or structured else ""
    reversal = "<RvslInd>true</RvslInd>" if movement.is_reversal else ""
    return (
        f"<Ntry><Amt Ccy='EUR'>{_euro(movement.cents)}</Amt><CdtDbtInd>{_sign(movement.cents)}</CdtDbtInd>{reversal}"
        f"{status}<BookgDt><Dt>{movement.booked_on}</Dt></BookgDt><ValDt><Dt>{movement.booked_on}</Dt></ValDt>"
        f"<AcctSvcrRef>{movement.bank_ref}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd>"
        "<SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>"
        f"{escape(movement.end_to_end or 'NOTPROVIDED')}</EndToEndId></Refs>{parties}{remittance}</TxDtls></NtryDtls></Ntry>"
    )


def coda(account: str, movements: Iterable[Movement], *, opened: int = 0, number: int = 1) -> bytes:
    """A CODA 2 statement with the records 0, 1, 21, 22, 23, 8 and 9."""
    moved = list(movements)
    closed = opened + sum(movement.cents for movement in moved)
    last = max((movement.booked_on for movement in moved), default=date(2026, 1, 1))
    day = last.strftime("%d%m%y")
    holder = f"{account:<34}EUR"
    lines = [
        f"0{'':0>4}{day}{'096'}05{'':<108}"[:127].ljust(127) + "2",
        f"12{number:03}{holder}{_coda_amount(opened)}{day}{'CNO':<26}{'':<35}{number:03}",
    ]
    for sequence, movement in enumerate(moved, start=1):
        lines += _coda_movement(movement, (sequence - 1) % 9999 + 1)
    records = len(lines) - 1 + 1  # all but record 0, and record 8
    debit = -sum(movement.cents for movement in moved if movement.cents < 0)
    credit = sum(movement.cents for movement in moved if movement.cents > 0)
    lines.append(f"8{number:03}{holder}{_coda_amount(closed)}{day}".ljust(128))
    lines.append(f"9{'':<15}{records:06}{debit * 10:015}{credit * 10:015}".ljust(127) + "2")
    return ("\r\n".join(line.ljust(128)[:128] for line in lines) + "\r\n").encode("cp1252", "replace")


def _coda_amount(cents: int) -> str:
    return f"{'1' if cents < 0 else '0'}{abs(cents) * 10:015}"


def _coda_movement(movement: Movement, sequence: int) -> list[str]:
    day = movement.booked_on.strftime("%d%m%y")
    kind = "100" if movement.ogm.startswith("RF") else "101"
    said = f"1{kind}{movement.ogm}" if movement.ogm else f"0{movement.text}"
    parts = [said[:54].ljust(54), said[54:107].ljust(53), said[107:150].ljust(43)]
    code = "00150000" if not movement.is_reversal else "00199000"
    head = f"{sequence:04}0000"
    return [
        f"21{head}{movement.bank_ref:<21.21}{_coda_amount(movement.cents)}{day}{code}{parts[0]}{day}00011 0",
        f"22{head}{parts[1]}{movement.end_to_end:<35.35}",
        f"23{head}{movement.iban:<34.34}EUR{movement.name:<35.35}{parts[2]}",
    ]
