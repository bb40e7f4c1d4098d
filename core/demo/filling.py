"""Fills an empty database with the demo data, step by step; what becomes true over time is done by the real services."""

import random

from core import access, audit, clock
from core.db import write
from core.demo import (
    COORDINATOR_ADDRESS,
    FINANCE_ADDRESS,
    PASSWORD,
    READER_ADDRESS,
    courses,
    days,
    large,
    payments,
    people,
    questions,
    schools,
    situations,
    today,
)
from core.demo.sizes import NORMAL, Size
from core.models import Account, IntentSetting
from core.rules.passwords import hashed
from core.vocabulary import CLOCK, AuditTag, CoordinatorRole, Intent, IntentMode, NoteGrouping, Role

_TEAM = (
    (COORDINATOR_ADDRESS, "Coördinator (demo)", CoordinatorRole.COORDINATOR),
    (FINANCE_ADDRESS, "Financiën (demo)", CoordinatorRole.FINANCE),
    (READER_ADDRESS, "Lezer (demo)", CoordinatorRole.READER),
)


def fill(size: Size, seed: int, tell: large.Tell) -> None:
    """Fill it, and let the normal demo grow when the size has enrolments of its own."""
    is_large = size.enrolments > 0
    _fill(NORMAL if is_large else size, seed)
    if is_large:
        large.grow(size, PASSWORD, seed, tell)


def _colleague(email: str, name: str, role: CoordinatorRole, password_hash: str) -> Account:
    """An account of the team."""
    return Account(
        role=Role.COORDINATOR,
        email=email,
        name=name,
        password_hash=password_hash,
        password_set_at=clock.now(),
        confirmed_at=clock.now(),
        created_at=clock.now(),
        coordinator_role=role,
    )


def _fill(size: Size, seed: int) -> None:
    chance = random.Random(seed)
    with write() as db:
        password_hash = hashed(PASSWORD)
        coordinator, *others = (_colleague(*each, password_hash) for each in _TEAM)
        db.add_all([coordinator, *others])
        db.add_all(IntentSetting(intent=intent, mode=IntentMode.ON) for intent in Intent)
        institutions = people.institutions(db, chance, size.institutions, password_hash)
        institutions[2].note_grouping, institutions[3].note_grouping = NoteGrouping.MONTH, NoteGrouping.DAY
        persons = people.persons(db, chance, size.persons, institutions, password_hash)
        own_terms = courses.terms(db)
        staff = courses.teachers(db)
        coming = courses.coming(db, chance, staff, size.courses)
        past = courses.past(db, chance, staff)
        coming[0].terms = own_terms
        situations.history(db, past, persons, institutions)
        situations.season(db, chance, coming, persons, institutions)
        situations.material(db, [*past[-3:], coming[0]])
        situations.offer_a_seat(db, coming[2].id)
        schools.busy(db, past, coming, institutions[0])
        schools.ask_to_pay(db, coming[1], persons[0], institutions[1])
        today.below_minimum(db, coming[1])
        today.a_list_that_can_move(db, coming[6], persons[8])
        today.drafts(db, seed, staff)
        days.today(db, seed, staff, persons, institutions[0])
        days.held(db, seed, past)
        questions.ask(db, seed, coming[0], coming[4], persons[0])
        audit.record(db, CLOCK, AuditTag.DEMO_FILLED, coordinator, seed=seed, persons=size.persons)
        finance = access.acting(others[0])
        first_person, first_school, cancelled = persons[0].id, institutions[0].id, past[-3].id
        certified = past[-1].id
    situations.issue_history()
    schools.credited(cancelled, first_school)
    payments.some_years(finance, seed)
    situations.mails_sent_long_ago()
    today.an_address_that_bounces()
    situations.a_replaced_certificate(first_person)
    days.papers(certified, (first_person, first_school))
