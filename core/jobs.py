"""Door 3, the clock: what falls due is derived from dates (D11), one transaction a step, caught up after a stop."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select

from core import books, clock, issuing, tidying
from core.db import read, write
from core.decisions import decisions
from core.documents import reminders as reminder_letters
from core.mail import refusing
from core.models import Account, PasswordBrake, SignIn, Token
from core.queries import doubles as double_queries
from core.queries import due_notes, reminders_due
from core.queries import reminders as reminder_queries
from core.queries.reminders_due import Ground
from core.rules.working_days import is_working_day
from core.services import (
    affiliations,
    certificate_mails,
    course_cancelling,
    course_reminders,
    doubles,
    evaluation,
    naming,
    payer_requests,
    question_answers,
    reminders,
    teacher_links,
    waiting_list,
)
from core.settings import settings
from core.vocabulary import CLOCK, Actor

log = logging.getLogger(__name__)
#: How many notes one run issues at most: the next one goes on, and meanwhile mail is fetched and sent.
MOST_NOTES = 200
#: Does an action for each of some ids, and counts those that were done.
Each = Callable[[tuple[int, ...], Callable[[int], bool]], int]


@dataclass(frozen=True, slots=True)
class Done:
    """What one run did; `failed` counts what was skipped and will be tried again."""

    issued: int = 0
    rendered: int = 0
    reminded: int = 0  # of unpaid notes
    lapsed: int = 0  # offers of seats, and questions to a payer
    purged: int = 0
    failed: int = 0


def run_due(should_stop: Callable[[], bool] = lambda: False) -> Done:
    """Do all that is due now. One thing that fails is logged and skipped, and stops nothing else.

    Notes are issued from `day_starts_at_hour` on; `should_stop` is asked before each step.
    """
    failed = 0

    def each(items: tuple[int, ...], action: Callable[[int], bool]) -> int:
        nonlocal failed
        done = 0
        for item in items:
            if should_stop():
                break
            try:
                done += action(item)
            except Exception:
                failed += 1
                log.exception("a due step failed", extra={"step": action.__name__.strip("_"), "item": item})
        return done

    due: tuple[int, ...] = ()
    settled, reminded, has_started = 0, 0, _day_has_started()
    if has_started:
        with read() as db:
            over, soon = payer_requests.over(db), payer_requests.soon_over(db)
            unnamed = naming.to_remind(db)
            to_evaluate = evaluation.courses_due(db)
            to_teach, to_follow = teacher_links.courses_due(db), course_reminders.courses_due(db)
        settled = each(over, _lapse_request)
        due = _due_notes()
    notes = _notes(due, should_stop)
    if has_started:
        each(soon, _remind_payer)
        each(unnamed, _remind_names)
        each(to_teach, _mail_teachers)
        each(to_follow, _remind_participants)
        each(to_evaluate, _invite_to_evaluate)
        _once_a_day(each)
        reminded = _remind_of_notes(each, should_stop)
    each((0,), _find_doubles)
    each((0,), books.control_new)
    with read() as db:
        expired = waiting_list.courses_with_expired_offers(db)
    lapsed = each(expired, _lapse)
    with read() as db:
        unfinished = course_cancelling.unfinished(db)
        left = tuple(seat for course_id in unfinished for seat in course_cancelling.left(db, course_id))
    each(left, _take_back)
    each(unfinished, _finish_cancelling)
    each((0,), _clean_material)
    return Done(notes.issued, notes.rendered, reminded, lapsed + settled, purge(), failed + notes.failed)


_asked_on: date | None = None


def _once_a_day(each: Each) -> None:
    """What need not be looked for at every tick: once a day in a process, and once more after a restart."""
    global _asked_on  # noqa: PLW0603 - one clock a process
    if _asked_on == clock.today():
        return
    with read() as db:
        lapsed = tuple(refusing.lapsed(db))
    each(lapsed, _try_address)
    with read() as db:
        certified = certificate_mails.to_announce(db)
    each(certified, _announce_certificates)
    with read() as db:
        to_clear = question_answers.courses_to_clear(db)
    each(to_clear, tidying.answers)
    with read() as db:
        to_ask = affiliations.institutions_to_ask(db)
    each(to_ask, _ask_links)
    if not to_ask and not to_clear:
        _asked_on = clock.today()


_compared_on: date | None = None


def find_doubles() -> int:
    """Look once a day (and after a restart) for likely doubles among all; returns how many are new.

    Looking takes seconds among many, and is done outside the transaction that keeps what was found.
    """
    global _compared_on  # noqa: PLW0603 - one clock a process
    if _compared_on == clock.today():
        return 0
    with read() as db:
        found = double_queries.search(db)
    with write() as db:
        new = doubles.keep(db, CLOCK, found)
    _compared_on = clock.today()
    return new


def _find_doubles(_once: int) -> bool:
    return find_doubles() > 0


def _try_address(account_id: int) -> bool:
    with write() as db:
        refusing.works(db, db.get_one(Account, account_id))
    return True


def _announce_certificates(course_id: int) -> bool:
    with write() as db:
        return certificate_mails.announce(db, CLOCK, course_id) > 0


def _ask_links(institution_id: int) -> bool:
    with write() as db:
        return affiliations.ask_institution(db, CLOCK, institution_id)


def _lapse_request(request_id: int) -> bool:
    with write() as db:
        return payer_requests.lapse(db, CLOCK, request_id)


def _remind_payer(request_id: int) -> bool:
    with write() as db:
        return payer_requests.remind(db, CLOCK, request_id)


def _remind_names(course_id: int) -> bool:
    with write() as db:
        return naming.remind(db, CLOCK, course_id) > 0


def _remind_of_notes(each: Each, should_stop: Callable[[], bool]) -> int:
    """Once on each working day: what is due then leaves, and what is released later waits for the next run.

    So a coordinator always sees beforehand what will leave. Nothing leaves while the bank data is old.
    """
    today = clock.today()
    with read() as db:
        if not is_working_day(today) or reminders.was_today(db) or decisions(db).reminders_leave != "yes":
            return 0
        ground = reminders_due.ground(db, today)
        due = reminder_queries.to_send(db, ground) if ground.is_fresh else ()

    def remind(note_id: int) -> bool:
        return remind_of_note(CLOCK, note_id, ground)

    sent = each(due, remind)
    if not should_stop():
        with write() as db:
            reminders.finish_run(db, CLOCK, reminders_due.ground(db, today, ground))
    return sent


def remind_of_note(actor: Actor, note_id: int, ground: Ground | None = None) -> bool:
    """Render the letter outside any transaction, then send it in one that looks again; False when nothing leaves."""
    with read() as db:
        payload = reminders.prepared(db, actor, note_id, ground)
    if payload is None:
        return False
    letter = reminders.Letter(payload, reminder_letters.render(payload))
    with write() as db:
        return reminders.send(db, actor, note_id, letter, ground)


def _mail_teachers(course_id: int) -> bool:
    with write() as db:
        return teacher_links.send_due(db, CLOCK, course_id) > 0


def _remind_participants(course_id: int) -> bool:
    with write() as db:
        return course_reminders.remind(db, CLOCK, course_id) > 0


def _invite_to_evaluate(course_id: int) -> bool:
    with write() as db:
        return evaluation.invite(db, CLOCK, course_id) > 0


def _day_has_started() -> bool:
    with read() as db:
        return clock.now().astimezone(clock.BRUSSELS).hour >= decisions(db).day_starts_at_hour


def _due_notes() -> tuple[int, ...]:
    with read() as db:
        return due_notes.due(db, limit=MOST_NOTES)


def _notes(due: tuple[int, ...], should_stop: Callable[[], bool]) -> issuing.Progress:
    """Issue, render and queue; many on every core."""
    far, leftover = issuing.Progress(0), issuing.waiting()
    with issuing.presses(len(due) + len(leftover)) as presses:
        for far in issuing.run(CLOCK, due, leftover, presses, should_stop):  # noqa: B007 - the last one tells all
            pass
    return far


def _lapse(course_id: int) -> bool:
    with write() as db:
        return waiting_list.lapse_expired_offers(db, CLOCK, course_id) > 0


def _take_back(enrolment_id: int) -> bool:
    with write() as db:
        return course_cancelling.take_back(db, CLOCK, enrolment_id)


def _finish_cancelling(course_id: int) -> bool:
    with write() as db:
        return course_cancelling.finish(db, CLOCK, course_id)


def _clean_material(_once: int) -> bool:
    return tidying.material()


def purge() -> int:
    """Forget links and sign-ins that ran out over a month ago, and yesterday's wrong passwords; returns how many."""
    before = clock.now() - timedelta(days=30)
    with read() as db:
        old = db.scalars(select(Token.id).where(Token.expires_at < before).limit(1000)).all()
        stale = clock.now() - timedelta(days=settings().sign_in_days + 30)
        gone = db.scalars(select(SignIn.id).where(SignIn.last_seen_at < stale).limit(1000)).all()
        faded = clock.now() - timedelta(days=1)
        brakes = db.scalars(select(PasswordBrake.key).where(PasswordBrake.last_failed_at < faded).limit(1000)).all()
    if not old and not gone and not brakes:
        return 0
    with write() as db:
        db.execute(delete(Token).where(Token.id.in_(old)))
        db.execute(delete(SignIn).where(SignIn.id.in_(gone)))
        db.execute(delete(PasswordBrake).where(PasswordBrake.key.in_(brakes)))
    return len(old) + len(gone) + len(brakes)
