"""Institutions: which are new, which are known, and what is made of them."""

from typing import Any

from core.i18n import N_
from core.imports import known
from core.imports.book import Book, Ref, Seen
from core.imports.known import Named, Schools
from core.imports.making import Maker
from core.imports.sheets import Sheet
from core.models import Account, BillingAddress, Institution
from core.rules.import_cells import name_key
from core.text import folded
from core.vocabulary import ImportKind, Mending, Network, PayerPolicy, Role

KNOWN = N_("This institution is known: {proposal}. Its details stay as they are.")
OWNED_ADDRESS = N_("This is the address of the account of {name}.")


def check(book: Book) -> None:
    """Look each institution up; two with one number or one address are a fault."""
    found = known.schools(book.db)
    book.schools = {number: one.id for number, one in found.by_number.items()}
    book.schools |= {key: ones[0].id if len(ones) == 1 else None for key, ones in found.by_name.items()}
    book.school_names = {one.id: one.name for ones in found.by_name.values() for one in ones}
    numbers, addresses, count = Seen(), Seen(), 0
    for sheet in book.sheets[ImportKind.INSTITUTIONS]:
        for at, number, name, email in sheet.of("number", "name", "email"):
            numbers.is_double(sheet, at, "number", number)
            addresses.is_double(sheet, at, "email", email)
            one = _known(found, sheet, at, number, name)
            count += one is None
            ref = one.id if one else -count
            sheet.refs.append(ref)
            if one is not None and _attach(sheet, at, number, one):
                sheet.attached.add(at)
            owner = found.by_address.get(email)
            if owner is not None and owner.id != ref:
                sheet.blame(at, "email", OWNED_ADDRESS, name=owner.name)
            _remember(book, ref, number, name)


def _known(found: Schools, sheet: Sheet, at: int, number: str | None, name: str | None) -> Named | None:
    """By its number; without one by its name, when only one institution has that."""
    if number is not None or sheet.is_blamed(at, "number"):
        return found.by_number.get(number or "")
    namesakes = found.by_name.get(name_key(name or ""), [])
    return namesakes[0] if len(namesakes) == 1 else None


def _attach(sheet: Sheet, at: int, number: str | None, one: Named) -> bool:
    cell = "name" if number is None else "number"
    return sheet.blame(at, cell, KNOWN, mending=Mending.ATTACH_KNOWN, proposal=one.name)


def _remember(book: Book, ref: Ref, number: str | None, name: str | None) -> None:
    if number is not None:
        book.schools.setdefault(number, ref)
    if name is not None:
        book.school_names.setdefault(ref, name)
        if book.schools.setdefault(name_key(name), ref) != ref:
            book.schools[name_key(name)] = None


def make(book: Book, maker: Maker) -> None:
    """The new institutions, their accounts (not confirmed, without password) and billing addresses."""
    facts = [row for sheet in book.sheets[ImportKind.INSTITUTIONS] for row in sheet.new()]
    ids = maker.put(Institution, (_row(each, maker) for each in facts))
    maker.owns(
        Account,
        (
            maker.account(Role.INSTITUTION, each["email"], each["name"], institution_id=identity)
            for identity, each in zip(ids, facts, strict=True)
            if each["email"]
        ),
    )
    maker.owns(
        BillingAddress,
        (
            {"institution_id": identity, "email": email}
            for identity, each in zip(ids, facts, strict=True)
            for email in each["billing_emails"] or ()
        ),
    )


def _row(facts: dict[str, Any], maker: Maker) -> dict[str, Any]:
    return {
        "name": facts["name"],
        "search_name": folded(f"{facts['name']} {facts['city'] or ''}"),
        "number": facts["number"],
        "kbo": facts["kbo"],
        "network": facts["network"] or Network.OTHER,
        "street": facts["street"] or "",
        "postcode": facts["postcode"] or "",
        "city": facts["city"] or "",
        "phone": facts["phone"] or "",
        "payer_policy": facts["policy"] or PayerPolicy.ALLOWED,
        "billing_name": facts["billing_name"] or "",
        "created_at": maker.now,
    }
