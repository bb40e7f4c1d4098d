"""Certificates («attesten»): issued once at first need, numbered, verifiable; a correction is a new one (R21–R25)."""

import hashlib
import json
import secrets

from sqlalchemy import select

from core import access, audit, clock
from core.db import Db
from core.decisions import Decisions, decisions
from core.models import Attendance, Certificate, CertificateFile, CourseDay, Enrolment
from core.rules import billing as rules
from core.rules.attendance import Mark, followed_minutes
from core.services.billing import next_number
from core.services.billing_payload import organiser
from core.settings import settings
from core.vocabulary import Actor, AuditTag, CertificateStatus, Language


def issue(db: Db, actor: Actor, enrolment_id: int, language: Language) -> int:
    """The valid certificate of an enrolment in a language, made now if there is none yet; returns its id.

    Raises NotFound for whoever neither followed nor paid the course, and the refusals of `core.rules.billing`.
    """
    enrolment = _locked(db, actor, enrolment_id)
    found = _valid(db, enrolment.id, language)
    if found is not None:
        return found.id
    withdrawn = _withdrawn(db, enrolment.id)
    if withdrawn is not None:
        raise rules.CertificateWithdrawn(day=clock.day_of(withdrawn.withdrawn_at or clock.now()))
    return _issue(db, actor, enrolment, language, replaces=None).id


def reissue(db: Db, actor: Actor, enrolment_id: int, language: Language) -> int:
    """Make a new version after a correction; the old code says «vervangen» for ever. Raises as :func:`issue`."""
    access.require_coordinator(actor)
    enrolment = _locked(db, actor, enrolment_id)
    old = _valid(db, enrolment.id, language)
    if old is not None:
        old.status = CertificateStatus.REPLACED
        db.flush()
    else:
        old = _withdrawn(db, enrolment.id, language)
    return _issue(db, actor, enrolment, language, replaces=old).id


def follow_presence(db: Db, actor: Actor, enrolment: Enrolment) -> None:
    """After a late change of presence: certificates that say something else are replaced (D5), or withdrawn.

    Part of noting presence; the old codes say «vervangen» or «ingetrokken» for ever.
    """
    standing = select(Certificate).where(
        Certificate.enrolment_id == enrolment.id, Certificate.status == CertificateStatus.VALID
    )
    for old in db.scalars(standing.with_for_update()).all():
        try:
            followed = participation_of(db, enrolment)
        except rules.NotPresent:
            old.status = CertificateStatus.WITHDRAWN
            db.flush()
            audit.record(db, actor, AuditTag.CERTIFICATE_FOLLOWED, old, number=old.number, withdrawn=True)
            continue
        printed = json.loads(old.payload)
        now = (followed.followed_minutes, [missed.isoformat() for missed in followed.missed])
        if (printed.get("followed_minutes"), printed.get("missed")) == now:
            continue
        old.status = CertificateStatus.REPLACED
        db.flush()
        _issue(db, actor, enrolment, old.language, replaces=old)


def revoke(db: Db, actor: Actor, enrolment_id: int, *, reason: str) -> int:
    """Withdraw the certificates of an enrolment, in each language; their codes say so for ever. Returns how many.

    Its holder gets none any more, until a coordinator makes a new version. Raises NotFound, NotAllowed, ReasonMissing
    or NothingToWithdraw.
    """
    access.require_coordinator(actor)
    if not reason.strip():
        raise rules.ReasonMissing(field="reason")
    enrolment = _locked(db, actor, enrolment_id)
    valid = db.scalars(
        select(Certificate).where(
            Certificate.enrolment_id == enrolment.id, Certificate.status == CertificateStatus.VALID
        )
    ).all()
    if not valid:
        raise rules.NothingToWithdraw
    for certificate in valid:
        certificate.status = CertificateStatus.WITHDRAWN
        certificate.withdrawn_at, certificate.withdrawn_because = clock.now(), reason.strip()[:500]
        audit.record(db, actor, AuditTag.CERTIFICATE_WITHDRAWN, certificate, number=certificate.number, reason=reason)
    return len(valid)


def store_file(db: Db, actor: Actor, certificate_id: int, content: bytes) -> bytes:
    """Keep the rendered PDF; when another rendering was quicker, its bytes are returned and kept."""
    certificate = db.scalar(select(Certificate).where(Certificate.id == certificate_id).with_for_update())
    if certificate is None:
        raise access.NotFound
    access.enrolment(db, actor, certificate.enrolment_id)
    stored = db.get(CertificateFile, certificate_id)
    if stored is not None:
        return stored.content
    db.add(
        CertificateFile(
            certificate_id=certificate_id,
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
            created_at=clock.now(),
        )
    )
    return content


def _locked(db: Db, actor: Actor, enrolment_id: int) -> Enrolment:
    access.enrolment(db, actor, enrolment_id)
    return db.scalars(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .with_for_update(of=Enrolment)
        .execution_options(populate_existing=True)
    ).one()


def _valid(db: Db, enrolment_id: int, language: Language) -> Certificate | None:
    return db.scalar(
        select(Certificate).where(
            Certificate.enrolment_id == enrolment_id,
            Certificate.language == language,
            Certificate.status == CertificateStatus.VALID,
        )
    )


def _withdrawn(db: Db, enrolment_id: int, language: Language | None = None) -> Certificate | None:
    """The last certificate of an enrolment, when that is a withdrawn one: nobody issues another by a download."""
    of_it = select(Certificate).where(Certificate.enrolment_id == enrolment_id)
    if language is not None:
        of_it = of_it.where(Certificate.language == language)
    last = db.scalar(of_it.order_by(Certificate.id.desc()).limit(1))
    by_hand = last is not None and last.status is CertificateStatus.WITHDRAWN and last.withdrawn_at is not None
    return last if by_hand else None


def _issue(
    db: Db, actor: Actor, enrolment: Enrolment, language: Language, *, replaces: Certificate | None
) -> Certificate:
    today = clock.today()
    own = settings()
    rules.check_certificate(enrolment.status, enrolment.course.last_day, decisions(db).certificate_after_days, today)
    followed = participation_of(db, enrolment)
    today, series, nr = next_number(db, lambda day: f"AT-{day.year}")
    body = "".join(secrets.choice(rules.CODE_ALPHABET) for _ in range(11))
    code = body + rules.check_character(body)
    number = rules.number_text(series, nr)
    payload = json.dumps(
        _payload(decisions(db), enrolment, language, followed)
        | {"number": number, "code": code, "issued_on": today.isoformat()}
        | {"check_url": f"{own.public_url}/attest/{code}", "check_host": own.public_url.partition("://")[2]},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    certificate = Certificate(
        series=series,
        nr=nr,
        number=number,
        code=code,
        enrolment_id=enrolment.id,
        language=language,
        replaces_id=replaces.id if replaces else None,
        issued_on=today,
        payload=payload,
        payload_sha256=hashlib.sha256(payload.encode()).hexdigest(),
        created_at=clock.now(),
    )
    db.add(certificate)
    db.flush()
    audit.record(db, actor, AuditTag.CERTIFICATE_ISSUED, certificate, number=number)
    return certificate


def participation_of(db: Db, enrolment: Enrolment) -> rules.Participation:
    """Hours and missed days of a participant, as presence was taken. Raises NotPresent."""
    taken = db.scalars(select(Attendance).where(Attendance.enrolment_id == enrolment.id))
    presence = {row.course_day_id: Mark(row.is_present, row.part, row.minutes) for row in taken}
    was_taken = db.scalar(
        select(Attendance.course_day_id).join(CourseDay).where(CourseDay.course_id == enrolment.course_id).limit(1)
    )
    days = [_attended(meeting, presence.get(meeting.id)) for meeting in enrolment.course.days]
    return rules.participation(days, presence_was_taken=was_taken is not None)


def _attended(meeting: CourseDay, mark: Mark | None) -> rules.DayAttended:
    if mark is None:
        return rules.DayAttended(meeting.held_on, meeting.minutes, is_present=None)
    followed = followed_minutes(meeting.minutes, mark)
    return rules.DayAttended(meeting.held_on, meeting.minutes, mark.is_present, followed)


def _payload(
    own: Decisions, enrolment: Enrolment, language: Language, followed: rules.Participation
) -> dict[str, object]:
    course = enrolment.course
    if enrolment.person is None:
        raise access.NotFound
    online = "online"
    return {
        "language": language.value,
        "person": enrolment.person.name,
        "course_title": course.title,
        "course_code": course.code,
        "days": [
            {
                "date": meeting.held_on.isoformat(),
                "from": meeting.starts_at.strftime("%H:%M"),
                "to": meeting.ends_at.strftime("%H:%M"),
            }
            for meeting in course.days
        ],
        "followed_minutes": followed.followed_minutes,
        "given_minutes": followed.given_minutes,
        "missed": [missed.isoformat() for missed in followed.missed],
        "place": online if course.is_online else ", ".join(filter(None, (course.place, course.city))),
        "teachers": [teacher.name for teacher in course.teachers],
        "organiser": organiser(own),
        "signatory": {"name": own.signatory_name, "function": own.signatory_function},
    }
