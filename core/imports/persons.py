"""Participants: which are new, which are known by their address, to which institutions they are linked."""

from typing import Any

from core.i18n import N_
from core.imports import known
from core.imports.book import Book, Ref, Seen
from core.imports.making import Maker
from core.models import Account, Affiliation, FormerAddress, Institution, Person, PersonLevel, PersonSubject
from core.text import folded
from core.vocabulary import ImportKind, Mending, Role

KNOWN = N_("This address is that of a known participant: attach this row to {proposal}?")
_KINDS = (ImportKind.PERSONS, ImportKind.ENROLMENTS, ImportKind.NOTES, ImportKind.CERTIFICATES)


def check(book: Book) -> None:
    """Look each participant up; two with one address are a fault."""
    addresses = {address for kind in _KINDS for address in book.texts(kind, "email")}
    addresses |= {address for former in book.texts(ImportKind.PERSONS, "former_emails") for address in former}
    found = known.persons(book.db, addresses)
    book.persons = {address: one.id for address, one in found.items()}
    book.person_names = {one.id: one.name for one in found.values()}
    doubles, count = Seen(), 0
    for sheet in book.sheets[ImportKind.PERSONS]:
        for at, email, former, first, last in sheet.of("email", "former_emails", "first_name", "last_name"):
            if email is not None:
                doubles.is_double(sheet, at, "email", email)
            own = [address for address in (email, *(former or ())) if address is not None]
            one = next((found[address] for address in own if address in found), None)
            count += one is None
            ref: Ref = one.id if one else -count
            sheet.refs.append(ref)
            if one is not None and sheet.blame(
                at, "email", KNOWN, mending=Mending.ATTACH_KNOWN, proposal=f"{one.name} ({first} {last})"
            ):
                sheet.attached.add(at)
            for address in own:
                book.persons.setdefault(address, ref)
            book.person_names.setdefault(ref, f"{first} {last}")
            book.past(sheet, at, "linked_on")
    _check_links(book)


def _check_links(book: Book) -> None:
    """The institutions of each participant; `schools` then holds references."""
    for sheet in book.sheets[ImportKind.PERSONS]:
        for at, keys in sheet.of("schools"):
            refs = [book.school(sheet, at, "schools", key) for key in keys or ()]
            sheet.values["schools"][at] = tuple(dict.fromkeys(ref for ref in refs if ref is not None))


def make(book: Book, maker: Maker) -> None:
    """The new participants with what belongs to them; their accounts are not confirmed and have no password."""
    facts = [row for sheet in book.sheets[ImportKind.PERSONS] for row in sheet.new()]
    ids = maker.put(Person, (_row(each, maker) for each in facts))
    pairs = list(zip(ids, facts, strict=True))
    names = {identity: f"{each['first_name']} {each['last_name']}" for identity, each in pairs}
    accounts = maker.part(
        Account,
        (maker.account(Role.PERSON, each["email"], names[identity], person_id=identity) for identity, each in pairs),
    )
    maker.owns(
        FormerAddress,
        (
            {"account_id": account, "email": email, "until_at": maker.now}
            for account, each in zip(accounts, facts, strict=True)
            for email in each["former_emails"] or ()
            if email != each["email"]
        ),
    )
    for model, name, column in ((PersonLevel, "levels", "level"), (PersonSubject, "subjects", "subject")):
        rows = ({"person_id": identity, column: each} for identity, facts in pairs for each in facts[name] or ())
        maker.owns(model, rows)
    maker.put(Affiliation, _links(book, maker))


def _row(facts: dict[str, Any], maker: Maker) -> dict[str, Any]:
    return {
        "first_name": facts["first_name"],
        "last_name": facts["last_name"],
        "search_name": folded(f"{facts['first_name']} {facts['last_name']}"),
        "birth_year": facts["birth_year"],
        "phone": facts["phone"] or "",
        "street": facts["street"] or "",
        "postcode": facts["postcode"] or "",
        "city": facts["city"] or "",
        "function": facts["function"],
        "created_at": maker.now,
    }


def _links(book: Book, maker: Maker) -> list[dict[str, Any]]:
    """The links that do not stand yet, those of known participants included."""
    sheets = book.sheets[ImportKind.PERSONS]
    standing = known.links(book.db, {ref for sheet in sheets for ref in sheet.refs if ref > 0})
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for sheet in sheets:
        for at, schools, linked_on in sheet.of("schools", "linked_on"):
            person_id = maker.id_of(Person, sheet.refs[at])
            for school in schools:
                institution_id = maker.id_of(Institution, school)
                if (person_id, institution_id) not in standing:
                    rows[person_id, institution_id] = {
                        "person_id": person_id,
                        "institution_id": institution_id,
                        "started_on": linked_on or book.today,
                    }
    return list(rows.values())
