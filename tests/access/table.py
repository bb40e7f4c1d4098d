"""What somebody who has nothing to do with a school tries: every query and service that takes an actor, by name.

A new function must be added here, or `test_wrong_actor.py` fails.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from core import clock
from core.db import read
from core.errors import DomainError
from core.imports.parcel import Upload
from core.mail.examples import example
from core.mail.versions import Draft
from core.queries import course_list, debtors, paid_enrolments, reminders_due
from core.queries.attendance import When
from core.queries.attention import Matter
from core.queries.audit_trail import WantedTraces
from core.queries.billing import WantedNotes
from core.queries.control import Batch
from core.queries.enrolments import EnrolmentRow
from core.queries.note_search import Asked
from core.queries.one_course import Part
from core.queries.paid_enrolments import Period, Wanted
from core.queries.reminders import Shelf
from core.queries.reminders_due import Ground
from core.queries.reports import ReportKind
from core.rules.accounts import Likeness
from core.rules.attendance import ABSENT, PRESENT
from core.rules.cancellation import Terms
from core.rules.course_days import DayValues
from core.rules.courses import CourseValues
from core.rules.doubles import new_place
from core.rules.enrolment import PayerNotLinked
from core.rules.evaluation import EvaluationValues
from core.rules.periods import Preset, span_of
from core.rules.proposals import Part as Share
from core.rules.questions import QuestionValues
from core.rules.reminders import Step
from core.rules.teachers import TeacherValues
from core.services import attendance, imports
from core.services.cancellation_terms import NamedTerms
from core.services.course_mail import Written
from core.services.courses import Seen
from core.services.examples import Trial
from core.services.institutions import Contact, Data
from core.services.material import Stored
from core.services.material import Values as MaterialValues
from core.services.newcomers import NewInstitution, NewPerson
from core.services.persons import Details
from core.services.reminders import Letter
from core.services.team import Colleague
from core.services.waiting_list import NoFreeSeat
from core.vocabulary import (
    SEATED,
    Addressee,
    ComingKind,
    ControlKind,
    CourseStatus,
    FileKind,
    HoldReason,
    Intent,
    IntentMode,
    Language,
    Network,
    NoteGrouping,
    OutgoingState,
    Party,
    PayerKind,
    PayerPolicy,
    PayerRequestState,
    TokenPurpose,
)
from tests.access.world import PASSWORD, World, bank_file

SCHOOL, PERSON, READER = "another school", "another person", "a reader"
COORDINATOR, FINANCE = "coordinator", "finance"
Given = tuple[tuple[Any, ...], dict[str, Any]]


def given(*values: Any, **named: Any) -> Given:
    """The arguments of a call, after the database and the actor."""
    return values, named


@dataclass(frozen=True, slots=True)
class Theirs:
    """A call with the id of something of the first school: `right` may make it, strangers get one answer to any id.

    `right` is None where nobody may. `changes`: a coordinator who only reads may not either, unless looking makes
    what it shows (`is_made_by_looking`). `refusals` are allowed beside NotFound and NotAllowed.
    """

    of: str
    call: Callable[[int, World], Given] = lambda it, _w: given(it)
    right: str | None = "school"
    changes: bool = True
    is_made_by_looking: bool = False
    refusals: tuple[type[DomainError], ...] = ()


@dataclass(frozen=True, slots=True)
class Own:
    """A call without an id: each gets or changes the own things. `owners` are the strangers who may make it.

    What `right` gets names secrets of the first school, so that they would be seen where they leak; `gives` is what
    strangers get where the answer holds no words.
    """

    call: Callable[[World], Given] = lambda _w: given()
    owners: tuple[str, ...] = (SCHOOL,)
    right: str = "school"
    changes: bool = False
    gives: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """A call with the secret of a mailed link, which is the proof: whoever has it may make the call."""

    purpose: TokenPurpose
    call: Callable[[str], Given] = given
    changes: bool = True


def looked_at(*of: str, call: Callable[[int, World], Given] | None = None, right: str = "school") -> tuple[Theirs, ...]:
    """Calls that change nothing, one for each of these."""
    return tuple(Theirs(each, call or (lambda it, _w: given(it)), right, changes=False) for each in of)


def chain(w: World) -> tuple[EnrolmentRow, ...]:
    """The row of a seat that was taken over, as the first school sees it."""
    with read() as db:
        return paid_enrolments.chosen(db, w.school, (w.ids["follower"],))


def _some_persons(_w: World) -> Given:
    """A file to import."""
    row = "E-mailadres;Voornaam;Achternaam\ningevoerd@school.example;Inge;Voerd\n"
    return given(imports.opened([Upload("cursisten.csv", io.BytesIO(row.encode()))]))


def _ground() -> Ground:
    with read() as db:
        return reminders_due.ground(db, clock.today())


def _ladder() -> Sequence[Step]:
    with read() as db:
        return reminders_due.ladder(db)[PayerKind.PERSON]


_YEAR = (date(2026, 1, 1), date(2026, 12, 31))
SEATS = ("named", "unnamed", "waits", "offered", "follower")
YES = PayerRequestState.APPROVED
CHANGED = "heel iets anders 42"
_STORED = Stored("klas.pdf", "application/pdf", 10, "0" * 64, "material/klas")
_MONTH = (date(2026, 11, 1), date(2026, 11, 22))
_DETAILS = Details("Quinten", "Vreemd", "", "", "", "", None, frozenset(), frozenset())
_COURSE = CourseValues(code=CHANGED, title=CHANGED, capacity=20)
_LETTER = Written(SEATED, CHANGED, CHANGED)
_DAY = DayValues(date(2027, 3, 1), time(9, 30), time(16), 330)
_FILES = dict.fromkeys(FileKind, b"%PDF")

THEIRS: dict[str, tuple[Theirs, ...]] = {
    "calendar.of_enrolment": looked_at("named"),
    "queries.billing.note_file": looked_at("note", "credit"),
    "queries.paying.how_to_pay": looked_at("note"),
    "queries.reminders_sent.letter": looked_at("reminder"),
    "queries.reminders_sent.reminded": looked_at("note", call=lambda it, _w: given([it])),
    "queries.statements.of": looked_at("institution", call=lambda it, _w: given((PayerKind.INSTITUTION, it), *_YEAR)),
    "services.reminders.prepared": (Theirs("note", right="clock", changes=False),),
    "services.reminders.send": (
        Theirs("note", lambda it, _w: given(it, Letter("{}", b"%PDF")), right="clock", changes=False),
    ),
    "services.reminder_care.hold": (
        Theirs("note", lambda it, _w: given(it, reason=HoldReason.OTHER, until=clock.today()), right=FINANCE),
    ),
    "services.reminder_care.release": (Theirs("held_note", right=FINANCE),),
    "services.statements.send": (
        Theirs("institution", lambda it, _w: given((PayerKind.INSTITUTION, it), _YEAR, b"%PDF")),
        Theirs("institution", lambda it, _w: given((PayerKind.INSTITUTION, it), _YEAR, b"%PDF"), right="coordinator"),
    ),
    "queries.one_course.counts": looked_at("course", right="coordinator"),
    "queries.one_course.participants": looked_at(
        "course", call=lambda it, _w: given(it, Part.SEATED), right="coordinator"
    ),
    "queries.one_course.chosen": looked_at("named", right="coordinator"),
    "queries.one_course.offers": looked_at("course", right="coordinator"),
    "queries.one_course.lines": looked_at("course", right="coordinator"),
    "queries.questions.all_of_course": looked_at("course", right="coordinator"),
    "queries.questions.answers": looked_at("named", call=lambda it, _w: given([it])),
    "queries.questions.form_of": looked_at("named", right="coordinator"),
    "queries.questions.sheet": looked_at("course", right="coordinator"),
    "queries.attendance.days_of_course": looked_at("course", right="coordinator"),
    "queries.attendance.of_day": looked_at("held_day", right="coordinator"),
    "queries.attendance.roster": looked_at("held_day", right="teacher"),
    "queries.sign_in_lists.sheet": looked_at("held_day", right="teacher"),
    "services.attendance.record": (
        Theirs("held_day", lambda it, w: given(it, w.ids["past"], ABSENT, seen=PRESENT), right="teacher"),
        Theirs("past", lambda it, w: given(w.ids["held_day"], it, ABSENT, seen=PRESENT), right="coordinator"),
    ),
    "services.attendance.take_back": (
        Theirs("held_day", lambda it, w: given(it, w.ids["past"], seen=PRESENT), right="coordinator"),
    ),
    "services.attendance.record_rest": (Theirs("held_day", right="teacher", changes=False),),
    "services.attendance.take_back_rest": (
        Theirs("held_day", lambda it, w: given(it, (w.ids["past"],)), right="coordinator"),
    ),
    "services.attendance.scan": (
        Theirs(
            "past",
            lambda it, w: given(attendance.code_of(it, w.ids["held_day"])),
            right="teacher",
            changes=False,
        ),
    ),
    "queries.questions.tallies": looked_at("course", right="coordinator"),
    "queries.one_course.title_of": looked_at("course", right="coordinator"),
    "queries.go_ahead.go_ahead": looked_at("course", right="coordinator"),
    "queries.course_sheets.sheet": looked_at("course", "draft", right="coordinator"),
    "queries.course_sheets.editors": looked_at("course", call=lambda it, _w: given(it, 0), right="coordinator"),
    "queries.certificates.payload": looked_at("certificate"),
    "queries.certificates.file": looked_at("certificate"),
    "queries.people.doubles_of": looked_at("person", right="coordinator"),
    "queries.institutions.one": looked_at("institution", right="coordinator"),
    "queries.dossiers.person": looked_at("person", right="coordinator"),
    "queries.dossiers.staff": looked_at("institution", right="coordinator"),
    "queries.dossiers.count_staff": looked_at("institution", right="coordinator"),
    **{
        f"queries.{name}": looked_at("person", call=lambda it, _w: given(Party.PERSON, it), right="coordinator")
        for name in (
            *("dossiers.account_of", "dossiers.remarks", "dossier_lists.enrolments", "dossier_lists.count_enrolments"),
            *("dossier_lists.papers", "dossier_lists.mails", "dossier_lists.events"),
        )
    },
    "services.account_care.send_password_link": (Theirs("account", right="coordinator"),),
    "services.account_care.change_address": (
        Theirs("account", lambda it, _w: given(it, "ander@adres.example", is_checked=True), right="coordinator"),
    ),
    "services.account_care.close": (Theirs("account", right="coordinator"),),
    "services.account_care.reopen": (Theirs("account", right="coordinator", changes=False),),
    "services.account_care.try_address_again": (Theirs("account", right="coordinator"),),
    "services.affiliation_care.end": (Theirs("link", right="coordinator"),),
    "services.affiliation_care.make": (
        Theirs(
            "person", lambda it, w: given(it, w.stranger_school.institution_id or 0, is_asked=True), right="coordinator"
        ),
    ),
    "services.institutions.change_data": (
        Theirs("institution", lambda it, _w: given(it, Data(CHANGED, Network.GO, "", "", "")), right="coordinator"),
    ),
    "services.newcomers.give_account": (
        Theirs(
            "gone",
            lambda it, _w: given(Party.PERSON, it, "weg@adres.example", language=Language.DUTCH),
            right="coordinator",
        ),
    ),
    "services.newcomers.invite_again": (Theirs("uninvited", right="coordinator"),),
    "services.persons.change_birth_year": (Theirs("person", lambda it, _w: given(it, 1980), right="coordinator"),),
    "services.doubles.dismiss": (Theirs("double", right="coordinator"),),
    "services.doubles.reopen": (Theirs("dismissed", right="coordinator"),),
    "queries.merges.preview": looked_at(
        "person", call=lambda it, w: given(Party.PERSON, it, w.ids["other"]), right="coordinator"
    ),
    "queries.merges.standing": looked_at("person", call=lambda it, _w: given(Party.PERSON, it), right="coordinator"),
    "services.merges.merge": (
        Theirs("person", lambda it, w: given(Party.PERSON, it, w.ids["other"]), right="coordinator"),
    ),
    "services.merges.undo": (Theirs("merge", right="coordinator"),),
    "services.remarks.write": (
        Theirs("person", lambda it, _w: given(Party.PERSON, it, CHANGED), right="coordinator"),
        Theirs("institution", lambda it, _w: given(Party.INSTITUTION, it, CHANGED), right="coordinator"),
    ),
    "services.remarks.change": (Theirs("remark", lambda it, _w: given(it, CHANGED), right="coordinator"),),
    "queries.inbox.conversation": looked_at("thread", right="coordinator"),
    "queries.inbox.raw_mail": looked_at("mail", right="coordinator"),
    "queries.inbox_choices.alike": looked_at("thread", right="coordinator"),
    "services.examples.suggestion": (
        Theirs("mail", lambda it, _w: given(it, "Geheimnaam vraagt"), right="coordinator", changes=False),
    ),
    "services.examples.propose": (
        Theirs("mail", lambda it, _w: given(it, Intent.PAYMENT, CHANGED), right="coordinator"),
    ),
    "services.examples.accept": (
        Theirs("example", lambda it, _w: given(it, Trial(Intent.PAYMENT, CHANGED, 0, ())), right="coordinator"),
    ),
    "services.examples.reject": (Theirs("example", right="coordinator"),),
    "queries.inbox.laid_out": looked_at("mail", right="coordinator"),
    "queries.inbox.attachment": looked_at("attachment", right="coordinator"),
    "services.inbox_care.assign": (
        Theirs("thread", lambda it, w: given(it, w.coordinator.account_id), right="coordinator"),
    ),
    "services.inbox_care.snooze": (
        Theirs("thread", lambda it, _w: given(it, clock.today() + timedelta(days=3)), right="coordinator"),
    ),
    "services.inbox_care.merge": (
        Theirs("thread", lambda it, w: given(it, w.ids["other_thread"]), right="coordinator"),
    ),
    "services.text_modules.save": (
        Theirs("text_module", lambda it, _w: given(it, title=CHANGED, text=CHANGED), right="coordinator"),
    ),
    "services.text_modules.remove": (Theirs("text_module", right="coordinator"),),
    "queries.material.material_file": looked_at("material") + looked_at("material", right="teacher"),
    "queries.material.of_course": looked_at("course", right=COORDINATOR) + looked_at("past_course", right="teacher"),
    "queries.material.days_of": looked_at("course", right=COORDINATOR) + looked_at("past_course", right="teacher"),
    "services.material.add": (
        Theirs("course", lambda it, _w: given(it, _STORED), right=COORDINATOR),
        Theirs("past_course", lambda it, _w: given(it, _STORED), right="teacher"),
    ),
    "services.material.change": (
        Theirs("material", lambda it, _w: given(it, MaterialValues("X")), right=COORDINATOR),
        Theirs("material", lambda it, _w: given(it, MaterialValues("X")), right="teacher"),
    ),
    "services.material.move": (
        Theirs("material", lambda it, _w: given(it, earlier=False), right=COORDINATOR),
        Theirs("material", lambda it, _w: given(it, earlier=False), right="teacher"),
    ),
    "services.material.remove": (
        Theirs("material", right=COORDINATOR),
        Theirs("material", right="teacher"),
    ),
    "services.material.put_back": (
        Theirs("removed_material", right=COORDINATOR),
        Theirs("removed_material", right="teacher"),
    ),
    "services.material_uploads.begin": (
        Theirs("course", lambda it, _w: given(it, "klas.pdf", 10), right=COORDINATOR),
        Theirs("past_course", lambda it, _w: given(it, "klas.pdf", 10), right="teacher"),
    ),
    "services.material_uploads.look": looked_at("upload", call=lambda it, _w: given(str(it)), right=COORDINATOR)
    + looked_at("taught_upload", call=lambda it, _w: given(str(it)), right="teacher"),
    "services.material_uploads.advance": (
        Theirs("upload", lambda it, _w: given(str(it), 0, 10), right=COORDINATOR),
        Theirs("taught_upload", lambda it, _w: given(str(it), 0, 10), right="teacher"),
    ),
    "services.material_uploads.finish": (
        Theirs("upload", lambda it, _w: given(str(it), _STORED), right=COORDINATOR),
        Theirs("taught_upload", lambda it, _w: given(str(it), _STORED), right="teacher"),
    ),
    "services.material_uploads.refuse": (
        Theirs("upload", lambda it, _w: given(str(it), "Eicar"), right=COORDINATOR),
        Theirs("taught_upload", lambda it, _w: given(str(it), "Eicar"), right="teacher"),
    ),
    "services.material_uploads.give_up": (
        Theirs("upload", lambda it, _w: given(str(it)), right=COORDINATOR),
        Theirs("taught_upload", lambda it, _w: given(str(it)), right="teacher"),
    ),
    "queries.course_certificates.of_course": looked_at("course", right=COORDINATOR),
    "queries.course_certificates.holders": looked_at("course", right=COORDINATOR),
    "services.certificate_mails.announce": (Theirs("past_course", right="clock"),),
    "services.certificates.revoke": (Theirs("past", lambda it, _w: given(it, reason="Vergissing"), right=COORDINATOR),),
    "queries.mail_texts.facts": looked_at("named", call=lambda it, _w: given(it, Language.DUTCH), right=COORDINATOR),
    "queries.mail_texts.would_get": looked_at(
        "named", call=lambda it, _w: given("enrolment-confirmed", it), right=COORDINATOR
    ),
    "queries.outbox.body": looked_at("held", right="coordinator"),
    "queries.paid_enrolments.chosen": looked_at(*SEATS, "past", "cancelled", call=lambda it, _w: given((it,))),
    "services.affiliations.unlink": (Theirs("link", right="person"),),
    "services.affiliations.remove": (Theirs("link"),),
    "services.affiliations.keep": (Theirs("link"),),
    "services.affiliations.ask_now": (Theirs("institution", right="coordinator"),),
    "services.affiliations.ask_institution": (Theirs("institution", right="clock"),),
    "services.billing.issue_debit_note": (Theirs("due", right="clock"),),
    "services.billing.issue_early": (Theirs("due", right="coordinator"),),
    "services.cancellation_terms.remove": (Theirs("terms", lambda it, _w: given(it, seen=1), right=FINANCE),),
    "services.question_answers.answer": (
        Theirs("named", lambda it, w: given(it, {w.ids["question"]: CHANGED}), right="person"),
        Theirs("named", lambda it, w: given(it, {w.ids["question"]: CHANGED}), right="coordinator"),
    ),
    "services.question_answers.clear": (Theirs("past_course", right="coordinator"),),
    "services.questions.add": (
        Theirs("course", lambda it, _w: given(it, QuestionValues(CHANGED)), right="coordinator"),
    ),
    "services.questions.change": (
        Theirs(
            "question",
            lambda it, _w: given(it, QuestionValues(CHANGED), seen=QuestionValues("Wat eet u?")),
            right="coordinator",
        ),
    ),
    "services.questions.move": (Theirs("question", lambda it, _w: given(it, by=1), right="coordinator"),),
    "services.questions.stop": (Theirs("question", right="coordinator"),),
    "services.questions.ask_again": (Theirs("question", right="coordinator"),),
    "services.questions.delete": (Theirs("new_question", right="coordinator"),),
    "services.by_hand.enrol_by_hand": (
        Theirs("open_course", lambda it, w: given(it, w.ids["person"]), right="coordinator"),
    ),
    "services.by_hand.reserve_by_hand": (
        Theirs("open_course", lambda it, w: given(it, w.ids["institution"], 1), right="coordinator"),
    ),
    "services.by_hand.replace_by_hand": (Theirs("named", lambda it, w: given(it, w.ids["gone"]), right="coordinator"),),
    "services.course_costs.change_costs": (
        Theirs("course", lambda it, _w: given(it, fixed_cents=4_200, person_cents=42), right="coordinator"),
    ),
    "services.course_mail.preview": (
        Theirs("course", lambda it, _w: given(it, _LETTER), right="coordinator", changes=False),
    ),
    "services.course_mail.send": (Theirs("course", lambda it, _w: given(it, _LETTER, turn="x"), right="coordinator"),),
    "services.certificates.issue": (
        Theirs("past", lambda it, _w: given(it, Language.ENGLISH), is_made_by_looking=True),
        Theirs("past", lambda it, _w: given(it, Language.ENGLISH), right="person", is_made_by_looking=True),
    ),
    "services.certificates.reissue": (Theirs("past", lambda it, _w: given(it, Language.DUTCH), right="coordinator"),),
    "services.certificates.store_file": (
        Theirs("bare_certificate", lambda it, _w: given(it, b"%PDF"), is_made_by_looking=True),
    ),
    "services.colleagues.enrol_colleagues": (
        Theirs("person", lambda it, w: given(w.ids["open_course"], [it])),
        Theirs("gone", lambda it, w: given(w.ids["open_course"], [it]), right=None),
        Theirs("person", lambda it, w: given(w.ids["open_course"], [w.ids["shared"], it], unnamed=1), right=None),
    ),
    "services.colleagues.wait_for_colleagues": (
        Theirs("person", lambda it, w: given(w.ids["full_course"], [it])),
        Theirs("gone", lambda it, w: given(w.ids["full_course"], [it]), right=None),
    ),
    "services.colleagues.name_seat": (
        Theirs("unnamed", lambda it, w: given(it, w.ids["shared"])),
        Theirs("named", lambda it, w: given(it, w.ids["shared"]), right=None),
        Theirs("person", lambda it, w: given(w.ids["stranger_place"], it), right=None),
    ),
    "queries.course_reach.reach": looked_at("course", right="coordinator"),
    "queries.course_reach.clashing": looked_at("course", call=lambda it, _w: given(it, _DAY), right="coordinator"),
    "queries.cancelling_plan.plan": looked_at("course", right="coordinator"),
    "services.course_cancelling.begin": (Theirs("course", right="coordinator"),),
    "services.course_cancelling.progress": (Theirs("calling_off", right="coordinator", changes=False),),
    "services.course_cancelling.take_back": (Theirs("taken_back", right="coordinator"),),
    "services.course_cancelling.finish": (Theirs("emptied", right="coordinator"),),
    "services.course_days.add": (Theirs("course", lambda it, _w: given(it, _DAY), right="coordinator"),),
    "services.course_days.change": (Theirs("day", lambda it, w: given(it, _DAY, seen=w.day), right="coordinator"),),
    "services.course_days.remove": (Theirs("day", lambda it, w: given(it, seen=w.day), right="coordinator"),),
    "services.course_repeats.suggestion": (Theirs("course", right="coordinator", changes=False),),
    "services.course_repeats.repeat": (
        Theirs(
            "course",
            lambda it, _w: given(it, first_day=clock.today(), title=CHANGED, code=CHANGED),
            right="coordinator",
        ),
    ),
    "services.courses.change": (
        Theirs("course", lambda it, _w: given(it, _COURSE, seen=Seen(1, CourseValues())), right="coordinator"),
    ),
    "services.courses.move": (Theirs("course", lambda it, _w: given(it, CourseStatus.CLOSED), right="coordinator"),),
    "services.teachers.change": (
        Theirs(
            "teacher",
            lambda it, _w: given(it, TeacherValues(CHANGED), seen=TeacherValues("Geheimdocent")),
            right="coordinator",
        ),
    ),
    "queries.evaluation.of_course": looked_at("past_course", right="teacher"),
    "queries.evaluation.of_teacher": looked_at("teacher", right="coordinator"),
    "queries.evaluation.forms": looked_at("past_course", right="coordinator"),
    "services.evaluation.invite": (Theirs("ended_course", right="clock"),),
    "services.evaluation_questions.change": (
        Theirs(
            "evaluation_question",
            lambda it, _w: given(it, EvaluationValues(CHANGED), seen=EvaluationValues("Geheimvraag")),
            right="coordinator",
        ),
    ),
    "services.evaluation_questions.move": (
        Theirs("evaluation_question", lambda it, _w: given(it, by=1), right="coordinator"),
    ),
    "services.evaluation_questions.stop": (Theirs("evaluation_question", right="coordinator"),),
    "services.evaluation_questions.ask_again": (Theirs("evaluation_question", right="coordinator"),),
    "services.evaluation_questions.make_own": (Theirs("past_course", right="coordinator"),),
    "services.evaluation_questions.follow_general": (Theirs("past_course", right="coordinator"),),
    "queries.teaching.one": looked_at("past_course", right="teacher"),
    "queries.teaching.attendees": looked_at("past_course", right="teacher"),
    "queries.teacher_links.of_course": looked_at("past_course", right="coordinator"),
    "services.teacher_links.send": (
        Theirs("past_course", lambda it, w: given(it, w.teacher.teacher_id or 0), right="coordinator"),
    ),
    "services.teacher_links.send_due": (Theirs("teacher_course", right="clock"),),
    "services.teacher_links.revoke": (Theirs("teacher", right="coordinator"),),
    "services.course_reminders.remind": (Theirs("teacher_course", right="clock"),),
    "services.teachers.remove": (Theirs("teacher", right="coordinator"),),
    "services.courses.delete": (Theirs("draft", right="coordinator"),),
    "services.enrolments.enrol": (
        Theirs(
            "institution",
            lambda it, w: given(w.ids["open_course"], payer_institution_id=it),
            right="person",
            refusals=(PayerNotLinked,),
        ),
    ),
    "services.enrolments.join_waiting_list": (
        Theirs(
            "institution",
            lambda it, w: given(w.ids["full_course"], payer_institution_id=it),
            right="person",
            refusals=(PayerNotLinked,),
        ),
    ),
    "services.enrolments.accept_offer": (Theirs("offered"), Theirs("offered", right="person")),
    "services.enrolments.cancellation_preview": looked_at(*SEATS),
    "services.enrolments.cancel": tuple(map(Theirs, SEATS)),
    "services.group_cancelling.preview": (
        *looked_at(*SEATS, call=lambda it, _w: given([it])),
        Theirs("named", lambda it, w: given([w.ids["stranger_seat"], it]), right=None, changes=False),
    ),
    "services.group_cancelling.cancel_all": (
        *(Theirs(each, lambda it, _w: given([it])) for each in SEATS),
        Theirs("named", lambda it, w: given([w.ids["stranger_seat"], it]), right=None),
    ),
    "services.coming.rendered": (
        Theirs("due", lambda it, _w: given(ComingKind.DEBIT_NOTE, it), right="coordinator", changes=False),
    ),
    "services.coming.send_now": (Theirs("due", lambda it, _w: given(ComingKind.DEBIT_NOTE, it), right="coordinator"),),
    "services.coming_changes.hold": (
        Theirs("due", lambda it, _w: given(ComingKind.DEBIT_NOTE, it), right="coordinator"),
    ),
    "services.held_notes.hold": (Theirs("due", lambda it, _w: given(it, "Reden"), right="coordinator"),),
    "services.coming_changes.settle": (
        Theirs("due", lambda it, _w: given(ComingKind.DEBIT_NOTE, it), right="coordinator"),
    ),
    "services.coming_changes.release": (
        Theirs("due", lambda it, _w: given(ComingKind.DEBIT_NOTE, it), right="coordinator"),
    ),
    "services.coming_changes.add_text": (
        Theirs("due", lambda it, _w: given(ComingKind.DEBIT_NOTE, it, CHANGED), right="coordinator"),
    ),
    "queries.imports.obstacles": looked_at("import", right="coordinator"),
    "queries.payments.waiting_line": looked_at("waiting_line", right="coordinator"),
    "queries.ledger.export": looked_at("export", right="coordinator"),
    "queries.ledger.controls_of": looked_at("export", right="coordinator"),
    "services.ledger.recall": (Theirs("export", right=FINANCE),),
    "services.control.keep": (
        Theirs("run", lambda it, _w: given(it, Batch((1,), (), (), False, True, 1.0)), right="coordinator"),
    ),
    "queries.one_note.note": looked_at("note", "credit", right="coordinator"),
    "queries.debtors.name_of": looked_at(
        "institution", call=lambda it, _w: given(debtors.Kind.INSTITUTION, it), right="coordinator"
    ),
    "services.note_care.credit": (
        Theirs("bare_note", lambda it, _w: given(it, 1, cents=100, reason="billijk"), right=FINANCE),
    ),
    "services.note_care.mail_again": (Theirs("note", right="coordinator"),),
    "services.payments.place": (
        Theirs("waiting_line", lambda it, w: given(it, [Share(w.ids["bare_note"], 500)]), right=FINANCE),
    ),
    "services.payments.set_aside": (Theirs("waiting_line", lambda it, _w: given(it, "fooi"), right=FINANCE),),
    "services.payments.undo": (Theirs("placed_line", right=FINANCE),),
    "services.payments.spend": (Theirs("note", lambda it, w: given(it, w.ids["bare_note"], 100), right=FINANCE),),
    "services.imports.undo": (Theirs("import", right="coordinator"),),
    "services.inbox.reply": (Theirs("thread", lambda it, _w: given(it, "Dag"), right="coordinator"),),
    "services.inbox.close": (Theirs("thread", right="coordinator"),),
    "services.inbox.reopen": (Theirs("thread", right="coordinator"),),
    "services.naming.remind": (Theirs("course", right="clock"),),
    "services.naming.remind_now": (Theirs("course", right="coordinator"),),
    "services.mailed_choices.policy_link": (Theirs("account", right="clock"),),
    "services.mailed_choices.billing_link": (Theirs("account", right="clock"),),
    "services.mailed_choices.cancel_link": (Theirs("named", lambda it, w: given(w.ids["account"], it), right="clock"),),
    "services.note_copies.send_again": (
        Theirs("note", lambda it, _w: given(it, since=clock.now() - timedelta(days=7)), right="clock"),
    ),
    "services.note_files.store_and_mail": (Theirs("bare_note", lambda it, _w: given(it, _FILES), right="clock"),),
    "services.outbox.hold": (Theirs("pending", right="coordinator"),),
    "services.outbox.edit": (
        Theirs("held", lambda it, _w: given(it, subject=CHANGED, text=CHANGED), right="coordinator"),
    ),
    "services.outbox.release": (Theirs("held", right="coordinator"),),
    "services.payer_requests.decide": tuple(
        Theirs("request", lambda it, _w, answer=answer: given(it, answer))  # type: ignore[misc]
        for answer in (YES, PayerRequestState.DECLINED)
    ),
    "services.payer_requests.lapse": (Theirs("request", right="clock"),),
    "services.payer_requests.remind": (Theirs("request", right="clock"),),
    "services.payers.change_payer": (
        Theirs("named", lambda it, _w: given(it, None)),
        Theirs(
            "institution",
            lambda it, w: given(w.ids["stranger_seat"], it),
            right=None,
            refusals=(PayerNotLinked,),
        ),
    ),
    "services.payers.change_reference": (Theirs("named", lambda it, _w: given(it, "X")),),
    "services.replacements.preview": (
        Theirs("named", lambda it, w: given(it, w.ids["shared"]), changes=False),
        Theirs("person", lambda it, w: given(w.ids["stranger_seat"], it), right=None, changes=False),
    ),
    "services.replacements.replace": (
        Theirs("named", lambda it, w: given(it, w.ids["shared"])),
        Theirs("person", lambda it, w: given(w.ids["stranger_seat"], it), right=None),
        Theirs("gone", lambda it, w: given(w.ids["stranger_seat"], it), right=None),
    ),
    "services.replacements.undo": (Theirs("follower"),),
    "services.waiting_list.offer_to": (
        Theirs("waits", lambda it, _w: given(it, hours=4, reason=CHANGED), right=None, refusals=(NoFreeSeat,)),
    ),
    "services.saved_views.remove": (Theirs("view", right="coordinator"),),
    "services.team.invite_again": (Theirs("invited", right=COORDINATOR),),
    "services.team.change": (
        Theirs("invited", lambda it, _w: given(it, Colleague("Iemand"), seen=Colleague("Genodigd")), right=COORDINATOR),
    ),
    "services.team.close": (Theirs("invited", right=COORDINATOR),),
    "services.team.open_again": (Theirs("closed", right=COORDINATOR),),
    "services.waiting_list.lapse_expired_offers": (Theirs("expired_course", right="clock"),),
}

OWN: dict[str, tuple[Own, ...]] = {
    "queries.attention.counts": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.attention.matters": (
        Own(lambda _w: given(Matter.ATTENDANCE), owners=(), right="coordinator", gives={READER: None}),
    ),
    "queries.coming.counts": (Own(lambda _w: given(14), owners=(), right="coordinator", gives={READER: None}),),
    "queries.coming.coming": (Own(lambda _w: given(ComingKind.DEBIT_NOTE, 14), owners=(), right="coordinator"),),
    "queries.reminders.outlook": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.reminders.count_to_follow_up": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.reminders.due": (
        Own(lambda _w: given(Shelf.KEPT_BACK), owners=(), right="coordinator", gives={READER: None}),
    ),
    "queries.reminders_sent.sent": (Own(owners=(), right="coordinator"),),
    "services.reminders.finish_run": (Own(lambda _w: given(_ground()), owners=(), right="clock", changes=True),),
    "services.reminder_care.change_ladder": (
        Own(lambda _w: given(PayerKind.PERSON, (), seen=_ladder()), owners=(), right=FINANCE, changes=True),
    ),
    "queries.due_notes.leaving": (Own(lambda _w: given(60), owners=(), right="coordinator"),),
    "queries.due_notes.kept": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.payments.count_waiting": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.payments.waiting": (Own(owners=(), right="coordinator"),),
    "queries.note_choices.choices": (Own(lambda _w: given("Geheimschool"), owners=(), right="coordinator"),),
    "queries.payments.placed": (Own(owners=(), right="coordinator"),),
    "queries.note_search.search": (Own(lambda _w: given(Asked(text="Geheimschool")), owners=(), right="coordinator"),),
    "queries.control.count": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.control.counts": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.control.findings": (
        Own(lambda _w: given(ControlKind.GAP), owners=(), right="coordinator", gives={READER: None}),
    ),
    "queries.control.latest": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "services.control.begin": (
        Own(lambda _w: given(is_full=True), owners=(), right="coordinator", changes=True, gives={READER: None}),
    ),
    "queries.ledger.preview": (Own(lambda _w: given(*_MONTH), owners=(), right="coordinator", gives={READER: None}),),
    "queries.ledger.exports": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.ledger.count_exports": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "services.ledger.make": (
        Own(lambda _w: given(*_MONTH), owners=(), right=FINANCE, changes=True, gives={READER: None}),
    ),
    "queries.debtors.ages": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.debtors.payers": (Own(owners=(), right="coordinator"),),
    "queries.debtors.courses": (Own(owners=(), right="coordinator"),),
    "queries.payments.files": (Own(owners=(), right="coordinator"),),
    "queries.payments.credits_kept": (Own(owners=(), right="coordinator"),),
    "services.bank_files.take_in": (
        Own(lambda _w: given("b.xml", bank_file(1)), owners=(), right=FINANCE, changes=True),
    ),
    "queries.imports.page_of": (Own(owners=(), right="coordinator"),),
    "queries.billing.count_notes": (
        Own(owners=(SCHOOL, PERSON), gives={SCHOOL: 1, PERSON: 1}),
        Own(lambda _w: given(WantedNotes("Geheim")), owners=(SCHOOL, PERSON), gives={SCHOOL: 0, PERSON: 0}),
    ),
    "queries.billing.notes_of": (
        Own(owners=(SCHOOL, PERSON)),
        Own(lambda _w: given(WantedNotes("Geheimnaam", "Geheimcursus")), owners=(SCHOOL, PERSON)),
    ),
    "queries.cancellation_terms.all_terms": (Own(owners=(), right=COORDINATOR, gives={READER: None}),),
    "queries.one_course.possible_participants": (Own(lambda _w: given("Geheimnaam"), owners=(), right="coordinator"),),
    "queries.colleagues.linked": (
        Own(),
        Own(lambda _w: given("Geheim", only_to_ask=True)),
    ),
    "queries.colleagues.candidates": tuple(
        Own(lambda w, course=course: given(w.ids[course]))  # type: ignore[misc]
        for course in ("open_course", "course")
    ),
    "queries.course_list.courses": (Own(lambda _w: given(course_list.Wanted()), owners=(), right="coordinator"),),
    "queries.attendance.days": (Own(lambda _w: given(When.PAST), owners=("another teacher",), right="teacher"),),
    "queries.evaluated.courses": (Own(owners=(), right="coordinator"),),
    "queries.evaluated.teachers": (Own(owners=(), right="coordinator"),),
    "queries.evaluation.all_questions": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "services.evaluation_questions.add": (
        Own(lambda _w: given(None, EvaluationValues(CHANGED)), owners=(), right="coordinator", changes=True),
    ),
    "queries.teaching.courses": (Own(owners=("another teacher",), right="teacher"),),
    "queries.teachers.page_of": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "services.teachers.add": (
        Own(lambda _w: given(TeacherValues(CHANGED)), owners=(), right="coordinator", changes=True),
    ),
    "queries.course_list.teachers": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.decisions.all_decisions": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.own_year.school_years": (
        Own(owners=(PERSON,), right="person", gives={PERSON: (2026,)}),
        Own(lambda w: given(w.ids["person"]), owners=(), right="coordinator", gives={READER: None}),
    ),
    "queries.own_year.of_year": (
        Own(lambda _w: given(2026), owners=(PERSON,), right="person"),
        Own(lambda w: given(2026, w.ids["person"]), owners=(), right="coordinator"),
    ),
    "queries.own_year.certified": (Own(lambda _w: given(None), owners=(PERSON,), right="person"),),
    "queries.calendar_feeds.since": (Own(owners=(SCHOOL, PERSON), gives={SCHOOL: None, PERSON: None}),),
    "services.calendar_feeds.start": (Own(owners=(SCHOOL, PERSON), changes=True),),
    "services.calendar_feeds.stop": (Own(owners=(), changes=True),),
    "queries.enrolments.own_enrolments": (Own(owners=(SCHOOL, PERSON)),),
    "queries.enrolments.standing": (
        Own(lambda w: given(w.ids["course"]), owners=(PERSON,), right="person", gives={PERSON: None}),
    ),
    "queries.enrolments.possible_payers": (Own(owners=(PERSON,), right="person"),),
    "queries.questions.own_forms": (Own(owners=(PERSON,), right="person", gives={PERSON: {}}),),
    "services.newcomers.add_person": (
        Own(
            lambda _w: given(NewPerson("Nieuw", "Gekomen", "nieuw@adres.example"), is_another=False),
            owners=(),
            right=COORDINATOR,
            changes=True,
        ),
    ),
    "services.newcomers.add_institution": (
        Own(
            lambda _w: given(NewInstitution(Data(CHANGED, Network.GO, "", "", "")), is_another=False),
            owners=(),
            right=COORDINATOR,
            changes=True,
        ),
    ),
    "queries.doubles.like_person": (
        Own(
            lambda _w: given(Likeness("Geheimnaam", "Vertrouwelijk")),
            owners=(),
            right=COORDINATOR,
            gives={READER: None},
        ),
    ),
    "queries.doubles.like_institution": (
        Own(lambda _w: given(new_place(CHANGED, "")), owners=(), right=COORDINATOR, gives={READER: None}),
    ),
    "queries.doubles.count": (Own(owners=(), right=COORDINATOR, gives={READER: None}),),
    "queries.doubles.page": (
        Own(lambda _w: given(Party.PERSON), owners=(), right=COORDINATOR),
        Own(lambda _w: given(Party.PERSON, is_dismissed=True), owners=(), right=COORDINATOR),
    ),
    "services.doubles.keep": (Own(lambda _w: given({}), owners=(), right="clock", changes=True),),
    "queries.people.persons": (Own(lambda _w: given("Geheimnaam"), owners=(), right="coordinator"),),
    "queries.people.institutions": (Own(lambda _w: given("Geheimschool"), owners=(), right="coordinator"),),
    "queries.inbox.threads": (Own(owners=(), right="coordinator"),),
    "queries.inbox_choices.holders": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.inbox_sender.sender": (
        Own(lambda _w: given("geheimadres.p@school.example"), owners=(), right="coordinator"),
    ),
    "queries.measuring.intents": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.measuring.measured": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.measuring.examples": (Own(owners=(), right="coordinator"),),
    "services.intents.switch": (
        Own(lambda _w: given(Intent.PAYMENT, IntentMode.OFF), owners=(), right="coordinator", changes=True),
    ),
    "services.intents.require": (
        Own(lambda _w: given(Intent.PAYMENT, 0.5), owners=(), right="coordinator", changes=True),
    ),
    "queries.text_modules.modules": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.inbox.waiting": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.institutions.own": (Own(),),
    "queries.reports.report": tuple(
        Own(
            lambda _w, kind=kind: given(kind, span_of(Preset.TWELVE_MONTHS, clock.today())),  # type: ignore[misc]
            owners=(),
            right="coordinator",
            gives={READER: None},
        )
        for kind in ReportKind
    ),
    "queries.saved_views.own": (Own(lambda _w: given("courses"), owners=(), gives={READER: None}),),
    "queries.mail_texts.texts": (
        Own(lambda _w: given("reply", Language.DUTCH), owners=(), right=COORDINATOR, gives={READER: None}),
    ),
    "queries.mail_texts.edited_names": (Own(owners=(), right=COORDINATOR, gives={READER: None}),),
    "queries.mail_texts.examples": (Own(owners=(), right=COORDINATOR),),
    "queries.mail_texts.routes": (Own(owners=(), right=COORDINATOR, gives={READER: None}),),
    "queries.mail_texts.preview": (
        Own(
            lambda _w: given(
                "enrolment-confirmed",
                Language.DUTCH,
                Draft("Dag", "{{ person_name }}"),
                filled=example() | {"person_name": "Geheimnaam", "to": "person"},
            ),
            owners=(),
            right=COORDINATOR,
        ),
    ),
    "queries.material.count": (
        Own(owners=(SCHOOL, PERSON, "another teacher"), gives={SCHOOL: 1, PERSON: 1, "another teacher": 1}),
    ),
    "queries.material.material_of": (Own(owners=(SCHOOL, PERSON, "another teacher")),),
    "queries.outbox.mails": (Own(lambda _w: given(tuple(OutgoingState)), owners=(), right="coordinator"),),
    "queries.operations.of_today": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.outbox.health": (Own(owners=(), right="coordinator", gives={READER: None}),),
    "queries.overviews.overview": (
        Own(lambda _w: given(2026)),
        Own(lambda w: given(2026, institution_id=w.ids["institution"]), owners=(), right="coordinator"),
    ),
    "queries.paid_enrolments.paid": (
        *(Own(lambda _w, period=period: given(Wanted(period))) for period in Period),  # type: ignore[misc]
        Own(lambda _w: given(Wanted(person="Geheimnaam", course="Geheimcursus", school_year=2026))),
    ),
    "queries.paid_enrolments.earlier_holders": (Own(lambda w: given(chain(w))),),
    "queries.paid_enrolments.school_years": (
        Own(gives={SCHOOL: (2026,)}),
        Own(lambda w: given(w.ids["institution"]), owners=(), right="coordinator", gives={READER: None}),
    ),
    "queries.paid_enrolments.open_requests": (Own(),),
    "queries.paid_enrolments.unnamed": (Own(gives={SCHOOL: 1}),),
    "queries.persons.own_details": (Own(owners=(PERSON,), right="person"),),
    "queries.persons.own_institutions": (Own(owners=(PERSON,), right="person"),),
    "services.accounts.ask_confirmation_again": (Own(owners=(SCHOOL, PERSON, READER), changes=True),),
    "services.accounts.change_password": (
        Own(lambda _w: given(PASSWORD, CHANGED), owners=(SCHOOL, PERSON, READER), changes=True),
    ),
    "services.accounts.set_language": (
        Own(lambda _w: given(Language.ENGLISH), owners=(SCHOOL, PERSON, READER), changes=True),
    ),
    "services.addresses.request_change": (
        Own(lambda _w: given("nieuw@school.example", PASSWORD), owners=(SCHOOL, PERSON, READER), changes=True),
    ),
    "services.affiliations.link": (
        Own(lambda w: given(w.ids["institution"]), owners=(PERSON,), right="stranger", changes=True),
    ),
    "services.courses.create": (Own(lambda _w: given(_COURSE), owners=(), right="coordinator", changes=True),),
    "services.cancellation_terms.save": (
        Own(lambda _w: given(NamedTerms("Mild", Terms(()))), owners=(), right=FINANCE, changes=True),
    ),
    "services.decisions.decide": (
        Own(lambda _w: given({"payment_term_days": 9}, seen={}), owners=(), right=FINANCE, changes=True),
        Own(
            lambda _w: given({"certificate_after_days": 9}, seen={}),
            owners=(),
            right="coordinator",
            changes=True,
        ),
    ),
    "services.decisions.reset": (
        Own(lambda _w: given("certificate_after_days", seen=0), owners=(), right=COORDINATOR, changes=True),
        Own(lambda _w: given("payee_iban", seen=0), owners=(), right=FINANCE, changes=True),
    ),
    "queries.overlaps.overlapping": (Own(lambda w: given(w.ids["open_course"]), owners=(PERSON,), right="person"),),
    "services.mail_switches.switch": (
        Own(
            lambda _w: given("still-linked", Addressee.INSTITUTION, is_on=False),
            owners=(),
            right=COORDINATOR,
            changes=True,
        ),
    ),
    "services.mail_texts.save": (
        Own(
            lambda _w: given("enrolment-confirmed", Language.DUTCH, Draft("Dag", "Dag"), seen=0),
            owners=(),
            right=COORDINATOR,
            changes=True,
        ),
    ),
    "services.mail_texts.reset": (
        Own(
            lambda _w: given("enrolment-confirmed", Language.DUTCH, seen=0),
            owners=(),
            right=COORDINATOR,
            changes=True,
        ),
    ),
    "services.mail_texts.restore": (
        Own(
            lambda _w: given("password-changed", Language.DUTCH, 1, seen=1),
            owners=(),
            right=COORDINATOR,
            changes=True,
        ),
    ),
    "services.imports.check": (Own(_some_persons, owners=(), right="coordinator", gives={READER: None}),),
    "services.imports.carry_out": (Own(_some_persons, owners=(), right="coordinator", changes=True),),
    "services.institutions.change_numbers": (
        Own(lambda _w: given(phone="1", number="990002", kbo="0257.216.482"), changes=True),
    ),
    "services.institutions.change_billing": (
        Own(lambda _w: given(name="X", addresses=["x@school.example"], reference="X"), changes=True),
    ),
    "services.institutions.trust_billing_again": (Own(changes=True),),
    "services.institutions.change_policy": (Own(lambda _w: given(PayerPolicy.FORBIDDEN), changes=True),),
    "services.institutions.change_grouping": (Own(lambda _w: given(NoteGrouping.MONTH), changes=True),),
    "services.institutions.change_contacts": (Own(lambda _w: given([Contact("Iemand")]), changes=True),),
    "services.persons.change_details": (
        Own(lambda _w: given(_DETAILS), owners=(PERSON,), right="person", changes=True),
    ),
    "services.saved_views.save": (
        Own(lambda _w: given("courses", CHANGED, {}), owners=(READER,), right="coordinator", changes=True),
    ),
    "queries.audit_trail.traces": (Own(lambda _w: given(WantedTraces()), owners=(), right=COORDINATOR),),
    "queries.team.team": (Own(owners=(), right=COORDINATOR, gives={READER: None}),),
    "services.team.invite": (
        Own(lambda _w: given("nieuw@cno.example", Colleague("Nieuw")), owners=(), right=COORDINATOR, changes=True),
    ),
    "services.sign_ins.end_everywhere": (Own(owners=(SCHOOL, PERSON, READER), changes=True),),
}

LINKS: dict[str, Link] = {
    "queries.accounts.address_of_link": Link(
        TokenPurpose.CONFIRM_ACCOUNT, lambda secret: given(TokenPurpose.CONFIRM_ACCOUNT, secret), changes=False
    ),
    "services.accounts.confirm_account": Link(TokenPurpose.CONFIRM_ACCOUNT),
    "services.accounts.set_new_password": Link(TokenPurpose.NEW_PASSWORD, lambda secret: given(secret, CHANGED)),
    "services.addresses.look_at_change": Link(TokenPurpose.CHANGE_ADDRESS, changes=False),
    "services.addresses.confirm_change": Link(TokenPurpose.CHANGE_ADDRESS),
    "services.affiliations.look_at_undo": Link(TokenPurpose.UNDO_AFFILIATION, changes=False),
    "services.affiliations.undo_by_link": Link(TokenPurpose.UNDO_AFFILIATION),
    "services.mailed_choices.look_at_policy": Link(TokenPurpose.PAYER_POLICY, changes=False),
    "services.mailed_choices.choose_policy": Link(
        TokenPurpose.PAYER_POLICY, lambda secret: given(secret, PayerPolicy.FORBIDDEN)
    ),
    "services.mailed_choices.look_at_billing": Link(TokenPurpose.BILLING_ADDRESS, changes=False),
    "services.mailed_choices.choose_billing": Link(TokenPurpose.BILLING_ADDRESS, lambda secret: given(secret, ())),
    "services.mailed_choices.look_at_cancelling": Link(TokenPurpose.CANCEL, changes=False),
    "services.mailed_choices.cancel": Link(TokenPurpose.CANCEL, lambda secret: given(secret, 0)),
    "services.payer_requests.look_at_request": Link(TokenPurpose.DECIDE_PAYER_REQUEST, changes=False),
    "services.payer_requests.decide_by_link": Link(
        TokenPurpose.DECIDE_PAYER_REQUEST, lambda secret: given(secret, YES)
    ),
}

#: What everybody may call; the answer tells nothing of who or what is known.
ANYBODY = {
    "queries.accounts.by_cookie": "the cookie is the proof of who asks",
    "queries.teacher_links.by_link": "the mailed link is the proof of who comes, and shows only the own courses",
    "queries.evaluation.look": "the mailed link is the proof, and shows a course and its questions, no name",
    "services.evaluation.give": "the mailed link is the proof; who has it fills in one evaluation",
    "queries.calendar_feeds.feed": "the secret address is the proof of who asks",
    "services.accounts.create_account": "a visitor makes an account; the screen says the same for a known address",
    "services.conversations.hand_over": "a visitor asks for a person, who answers by mail",
    "services.accounts.request_new_password": "mails a link to the address on file, whoever asks",
}
#: Parts of other services: they take a row that `core.access` gave, or only follow a change; no door calls them.
STEPS = {
    "services.material.editable_course": "part of every change of course material",
    "services.inbox.locked": "part of every change of a conversation",
    "services.payments.automatically": "part of reading a bank file",
    "services.bank_placing.place_certain": "part of reading a bank file",
    "services.replacements.passed_on": "part of replacing, by a school or by hand",
    "services.billing.issue_credit_note": "part of cancelling",
    "services.billing.settle_cancellation": "part of cancelling",
    "services.courses.editable": "part of every change of a course",
    "services.enrolments.made": "part of enrolling",
    "services.doubles.set_apart": "part of adding somebody who is like another",
    "services.affiliations.made": "part of linking, by the person or by a coordinator",
    "services.payer_requests.ask": "part of enrolling and of changing the payer",
    "services.payer_requests.withdraw": "part of changing the payer",
    "services.certificates.follow_presence": "part of noting presence",
    "services.waiting_list.offer_free_seats": "part of cancelling and of offers that lapse",
}
