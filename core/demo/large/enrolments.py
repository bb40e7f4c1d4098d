"""A million enrolments with what becomes of them: bills, replacements, cancellations, presence, certificates."""

import json
from collections import Counter as Tally
from hashlib import sha256

from sqlalchemy import func, select

from core.db import Db
from core.decisions import decisions
from core.demo.large.bulk import Loader, Tell, instant, iso, without_indexes
from core.demo.large.ground import BIG_SCHOOL_SHARE, Given, Ground
from core.models import Attendance, AuditEvent, Certificate, Enrolment, PayerRequest
from core.rules import billing as rules
from core.services.billing_payload import organiser
from core.settings import settings
from core.vocabulary import (
    ActorKind,
    AuditTag,
    CertificateStatus,
    EnrolmentStatus,
    Language,
    PayerKind,
    PayerRequestState,
)

#: Days from the confirmed seat to the debit note, and from the last day to the certificate.
BILLED_AFTER = CERTIFIED_AFTER = 7
#: Presence is kept of the courses of so many days back.
PRESENCE_DAYS = 730
_ENROLMENT = (
    *("id", "course_id", "person_id", "status", "payer_kind", "payer_institution_id", "price_cents", "billed_on"),
    *("enrolled_by", "created_at", "confirmed_at", "confirmed_on", "cancelled_at", "cancellation_cents"),
    *("replaces_id", "seat_id", "name_reminded_on"),
)
AUDIT = ("at", "tag", "actor_kind", "actor_name", "subject_type", "subject_id", "details")
_CERTIFICATE = (
    *("series", "nr", "number", "code", "enrolment_id", "language", "status", "issued_on", "payload"),
    *("payload_sha256", "created_at"),
)


def enrolments(db: Db, ground: Ground, tell: Tell) -> None:
    """All enrolments, course after course."""
    with without_indexes(db, Enrolment, Attendance, AuditEvent, Certificate):
        load = Loader(db, tell)
        work = _Work(db, ground, load)
        for index, given in enumerate(ground.courses):
            work.course(index, given)
            load.spill()
        load.flush()


class _Work:
    """Makes the enrolments of one course after the other."""

    def __init__(self, db: Db, ground: Ground, load: Loader) -> None:
        self.ground, self.chance = ground, ground.chance
        self.today = ground.today - 1  # all has happened by yesterday evening: nothing lies in the hours to come
        self.rows = load.sink(Enrolment, *_ENROLMENT)
        self.requests = load.sink(PayerRequest, "enrolment_id", "institution_id", "state", "asked_at", "decided_at")
        self.presence = load.sink(Attendance, "enrolment_id", "course_day_id", "is_present", "recorded_at")
        self.certificates = load.sink(Certificate, *_CERTIFICATE)
        self.trail = load.sink(AuditEvent, *AUDIT)
        self.next = (db.scalar(select(func.max(Enrolment.id))) or 0) + 1
        self.numbers: Tally[str] = Tally()
        own = decisions(db)
        self.frame = {
            "check_host": settings().public_url.partition("://")[2],
            "language": Language.DUTCH.value,
            "missed": [],
            "organiser": organiser(own),
            "signatory": {"name": own.signatory_name, "function": own.signatory_function},
        }
        self.pools = self._pools()
        self.of_big_school = _shares(ground)

    def _pools(self) -> list[list[int]]:
        """Who takes courses in each year; one in six does so eagerly. The big school's staff comes by itself."""
        pools: list[list[int]] = [[] for _ in range(self.ground.size.years + 1)]
        for identity, human in self.ground.people.items():
            if human.school != self.ground.big:
                for year in human.years:
                    if year < len(pools):
                        pools[year].extend((identity,) * (4 if identity % 6 == 0 else 1))
        return pools

    def course(self, index: int, given: Given) -> None:
        """The enrolments of one course, exactly as many as it wants."""
        self.index, self.given, self.until = index, given, self.next + given.wanted
        self.is_certified = not given.is_cancelled and given.days[-1] + CERTIFIED_AFTER <= self.today
        has_presence = not given.is_cancelled and self.today - PRESENCE_DAYS < given.begin < self.today
        self.is_noted = has_presence and self.chance.random() > 0.04
        self.seen: set[int] = set()
        self.taken = 0
        own = self.chance.sample(self.ground.schools[self.ground.big].staff, self.of_big_school[index])
        pool = self.pools[self.ground.year_of(given.begin)]
        while self.next < self.until:
            person = own.pop() if own else pool[self.chance.randrange(len(pool))]
            if person in self.seen:
                continue
            self.seen.add(person)
            self._enrol(person)
            if not own and self.chance.random() < 0.12:
                self._colleagues(self.ground.people[person].school)

    def _colleagues(self, school: int | None) -> None:
        """Some of the same school come along; the big school's staff comes by itself."""
        if school is None or school == self.ground.big:
            return
        staff = self.ground.schools[school].staff
        for colleague in self.chance.sample(staff, min(len(staff), self.chance.randint(1, 4))):
            if colleague not in self.seen and self.next < self.until:
                self.seen.add(colleague)
                self._enrol(colleague)

    def _enrol(self, person: int) -> None:
        """One enrolment, its payer, and what becomes of it."""
        given, chance, today = self.given, self.chance, self.today
        on = given.begin - 2 - min(180, int(chance.expovariate(1 / 38)))
        if on > today:
            on = today - min(140, int(chance.expovariate(1 / 30)))
        school = self.ground.people[person].school
        is_big = school == self.ground.big
        may_pay = school is not None and self.ground.schools[school].may_pay
        payer = school if is_big or (may_pay and chance.random() < 0.72) else None
        if given.is_cancelled:
            self._cancelled(person, payer, on, max(on, min(given.begin - 10, today)), 0)
        elif self.taken >= given.capacity:
            self._write(person, payer, on, EnrolmentStatus.WAITLISTED)
        elif chance.random() < 0.075:
            gone = min(today, given.begin - 1, on + int(chance.expovariate(1 / 18)))
            self._cancelled(person, payer, on, gone, given.price if given.begin - gone <= 6 else 0)
        elif payer and self.until - self.next >= 2 and chance.random() < 0.045:
            self._replaced(person, payer, on)
        else:
            self._confirmed(person, payer, on)

    def _confirmed(self, person: int, payer: int | None, on: int) -> None:
        billed = self._bill(self.next, person, payer, on)
        if self.given.begin > self.today and payer and self.next % 150 == 0:
            self._write(None, payer, on, EnrolmentStatus.CONFIRMED, billed=billed)
            return
        self._write(person, payer, on, EnrolmentStatus.CONFIRMED, billed=billed)
        self._follows(self.next - 1, person)

    def _bill(self, identity: int, person: int | None, payer: int | None, on: int) -> int | None:
        """Note down the debit note of a seat, when it has left; the day it did."""
        due = on + BILLED_AFTER
        if due > self.today or not self.given.price:
            return None
        self.ground.notes.append((due, identity, person, payer, self.given.price, self.index, 0, 0))
        return due

    def _cancelled(self, person: int, payer: int | None, on: int, gone: int, cost: int) -> None:
        due, price, billed = on + BILLED_AFTER, self.given.price, None
        if price and due <= gone:
            billed = due
            self.ground.notes.append((due, self.next, person, payer, price, self.index, gone, price - cost))
        elif cost and due <= self.today:
            billed = due
            self.ground.notes.append((due, self.next, person, payer, cost, self.index, 0, 0))
        self._write(person, payer, on, EnrolmentStatus.CANCELLED, billed=billed, gone=gone, cost=cost)
        self._trace(gone, AuditTag.ENROLMENT_CANCELLED, person, self.next - 1)

    def _replaced(self, person: int, payer: int, on: int) -> None:
        """Somebody's seat goes to a colleague who is free; the money stays with the school."""
        other = self.chance.choice(self.ground.schools[payer].staff)
        latest = min(self.today, self.given.begin - 1)
        if other in self.seen or on >= latest:
            self._confirmed(person, payer, on)
            return
        self.seen.add(other)
        gone = self.chance.randint(on + 1, latest)
        is_billed_first = on + BILLED_AFTER <= gone
        billed = self._bill(self.next if is_billed_first else self.next + 1, person, payer, on)
        first = self.next
        self._write(person, payer, on, EnrolmentStatus.REPLACED, billed=billed if is_billed_first else None)
        self._trace(gone, AuditTag.ENROLMENT_REPLACED, person, first)
        self._write(other, payer, gone, EnrolmentStatus.CONFIRMED, billed=billed, confirmed=on, seat=first)
        self._follows(self.next - 1, other)

    def _write(
        self,
        person: int | None,
        payer: int | None,
        on: int,
        status: EnrolmentStatus,
        *,
        billed: int | None = None,
        gone: int | None = None,
        cost: int | None = None,
        confirmed: int | None = None,
        seat: int | None = None,
    ) -> None:
        """One row; `on` is the day it was made, `confirmed` the day of the seat when that is another."""
        seconds = self.chance.randrange(18_000, 78_000)
        made = instant(on, seconds)
        sure = None if status is EnrolmentStatus.WAITLISTED else confirmed or on
        self.taken += status is EnrolmentStatus.CONFIRMED
        by_school = payer is not None and (person is None or seconds % 5 < 2)
        self.rows.add(
            (
                *(self.next, self.given.identity, person, status.value),
                *(PayerKind.INSTITUTION.value if payer else PayerKind.PERSON.value, payer, self.given.price),
                *(
                    iso(billed) if billed else None,
                    ActorKind.INSTITUTION.value if by_school else ActorKind.PERSON.value,
                ),
                *(made, instant(sure, seconds) if sure else None, iso(sure) if sure else None),
                *(instant(gone, 78_500) if gone else None, cost, seat, seat),
                iso(self.today) if person is None else None,
            )
        )
        if payer and self.next % 400 == 3 and status is EnrolmentStatus.CONFIRMED:
            self.requests.add((self.next, payer, PayerRequestState.APPROVED.value, made, instant(on, 79_000)))
        self._trace(on, AuditTag.ENROLMENT_MADE, person, self.next)
        self.next += 1

    def _trace(self, on: int, tag: AuditTag, person: int | None, enrolment: int) -> None:
        name = self.ground.people[person].name if person else ""
        at = instant(on, 20_000 + enrolment % 55_000)
        self.trail.add((at, tag.value, ActorKind.PERSON.value, name, "enrolment", enrolment, "{}"))

    def _follows(self, enrolment: int, person: int) -> None:
        """Presence on each day, and later the certificate for who fetches it."""
        if self.is_noted:
            for day_id, on in zip(self.given.day_ids, self.given.days, strict=True):
                if on < self.today:
                    self.presence.add((enrolment, day_id, int(self.chance.random() < 0.94), instant(on, 60_000)))
        if self.is_certified and self.chance.random() < 0.3:
            self._certify(enrolment, person)

    def _certify(self, enrolment: int, person: int) -> None:
        given, chance = self.given, self.chance
        on = min(self.today, given.days[-1] + CERTIFIED_AFTER + int(chance.expovariate(1 / 12)))
        series = f"ATG-{iso(on)[:4]}"
        self.numbers[series] += 1
        number = rules.number_text(series, self.numbers[series])
        body = "".join(chance.choices(rules.CODE_ALPHABET, k=11))
        code = body + rules.check_character(body)
        facts = self.frame | {
            "check_url": f"{settings().public_url}/attest/{code}",
            "code": code,
            "course_code": given.code,
            "course_title": given.title,
            "days": [{"date": iso(day), "from": "09:30", "to": "16:00"} for day in given.days],
            "followed_minutes": given.minutes,
            "given_minutes": given.minutes,
            "issued_on": iso(on),
            "number": number,
            "person": self.ground.people[person].name,
            "place": given.place,
            "teachers": given.teachers,
        }
        payload = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        self.certificates.add(
            (
                *(series, self.numbers[series], number, code, enrolment, Language.DUTCH.value),
                *(CertificateStatus.VALID.value, iso(on), payload, sha256(payload.encode()).hexdigest()),
                instant(on, 50_000),
            )
        )


def _shares(ground: Ground) -> list[int]:
    """How many of each course's enrolments are the big school's: one of so many in all, at most its staff at once."""
    shares = [0] * len(ground.courses)
    left = sum(given.wanted for given in ground.courses) // BIG_SCHOOL_SHARE
    places = [index for index, given in enumerate(ground.courses) for _ in range(min(given.wanted // 2, 40))]
    for index in ground.chance.sample(places, min(left, len(places))):
        shares[index] += 1
    return shares
