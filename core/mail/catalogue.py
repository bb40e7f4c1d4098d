"""What each mail is called and when it leaves, and what its texts may fill in: for who edits them."""

from dataclasses import dataclass
from functools import lru_cache

from jinja2 import meta

from core.i18n import N_
from core.mail.rendering import code_source
from core.mail.sandbox import PARTS, environment
from core.vocabulary import Language, MailTopic


@dataclass(frozen=True, slots=True)
class Entry:
    """A mail as coordinators know it: its topic, its name and when it leaves (msgids).

    `has_enrolment`: it is queued with an enrolment, so that all facts of the seat and its course are there.
    """

    topic: MailTopic
    title: str
    moment: str
    has_enrolment: bool = False


_ACCOUNTS, _ENROLMENTS, _SCHOOLS = MailTopic.ACCOUNTS, MailTopic.ENROLMENTS, MailTopic.SCHOOLS
_MONEY, _MAILBOX = MailTopic.MONEY, MailTopic.MAILBOX


def _seat(topic: MailTopic, title: str, moment: str) -> Entry:
    return Entry(topic, title, moment, has_enrolment=True)


def _answer(title: str) -> Entry:
    return Entry(_MAILBOX, title, N_("The mailbox was asked this, and the bot answers it by itself."))


ENTRIES: dict[str, Entry] = {
    "confirm-account": Entry(_ACCOUNTS, N_("Confirm a new account"), N_("After «Create account».")),
    "account-exists": Entry(
        _ACCOUNTS, N_("You already have an account"), N_("Somebody asks for an account that exists already.")
    ),
    "new-password": Entry(_ACCOUNTS, N_("Link for a new password"), N_("After «New password».")),
    "password-changed": Entry(_ACCOUNTS, N_("Password changed"), N_("A password was set or changed.")),
    "account-given": Entry(_ACCOUNTS, N_("Account made by CNO"), N_("A coordinator makes an account for somebody.")),
    "team-invited": Entry(_ACCOUNTS, N_("Account for the CNO team"), N_("A coordinator invites a colleague.")),
    "confirm-address": Entry(
        _ACCOUNTS, N_("Confirm a new address"), N_("Somebody asked for another address; to the new one.")
    ),
    "address-taken": Entry(_ACCOUNTS, N_("Address taken"), N_("The new address that was asked for is in use.")),
    "address-changed": Entry(_ACCOUNTS, N_("Address changed"), N_("To the old address, once the new one holds.")),
    "accounts-merged": Entry(
        _ACCOUNTS, N_("Accounts joined"), N_("A coordinator made one of two accounts; to both addresses.")
    ),
    "affiliation-made": Entry(_SCHOOLS, N_("New linked person"), N_("Somebody linked to the institution.")),
    "affiliation-made-for-you": Entry(
        _SCHOOLS, N_("Link made at your request"), N_("A coordinator linked somebody to an institution, as asked.")
    ),
    "affiliation-ended": Entry(_SCHOOLS, N_("Link ended"), N_("The institution or CNO ended somebody's link.")),
    "still-linked": Entry(_SCHOOLS, N_("Who is still linked?"), N_("Once a year, when somebody is to be checked.")),
    "billing-details-changed": Entry(
        _SCHOOLS, N_("Billing details changed"), N_("The institution changed its billing address or its policy.")
    ),
    "enrolment-confirmed": _seat(_ENROLMENTS, N_("Enrolment confirmed"), N_("At once after enrolling.")),
    "enrolment-waitlisted": _seat(
        _ENROLMENTS, N_("On the waiting list"), N_("At once after joining the waiting list.")
    ),
    "seat-offered": _seat(_ENROLMENTS, N_("Seat on offer"), N_("A seat comes free.")),
    "offer-lapsed": _seat(_ENROLMENTS, N_("Offer lapsed"), N_("An offered seat was not accepted.")),
    "enrolment-cancelled": _seat(_ENROLMENTS, N_("Enrolment cancelled"), N_("At once after cancelling.")),
    "certificate-ready": _seat(_ENROLMENTS, N_("Certificate ready"), N_("On the day the certificate appears.")),
    "course-message": _seat(
        _ENROLMENTS, N_("Message to participants"), N_("A coordinator writes to the participants of a course.")
    ),
    "days-changed": _seat(_ENROLMENTS, N_("Course day changed"), N_("A course day was moved, added or dropped.")),
    "days-changed-school": _seat(
        _SCHOOLS, N_("Course day changed"), N_("A course day was moved, added or dropped; once to the institution.")
    ),
    "course-cancelled": _seat(_ENROLMENTS, N_("Course cancelled"), N_("A whole course was cancelled by CNO.")),
    "course-cancelled-school": _seat(
        _SCHOOLS, N_("Course cancelled"), N_("A whole course was cancelled by CNO; once to the institution.")
    ),
    "colleague-enrolled": Entry(
        _SCHOOLS,
        N_("Enrolled by the institution"),
        N_("The institution enrolled somebody; to that person."),
        has_enrolment=True,
    ),
    "colleagues-enrolled": Entry(
        _SCHOOLS,
        N_("Colleagues enrolled"),
        N_("The institution enrolled colleagues; to the institution."),
        has_enrolment=True,
    ),
    "teacher-course": Entry(
        _ENROLMENTS, N_("Link of a teacher to the own courses"), N_("Some days before the course, or on a click.")
    ),
    "course-reminder": _seat(_ENROLMENTS, N_("Reminder of the course"), N_("Some days before the first course day.")),
    "evaluation": _seat(_ENROLMENTS, N_("Asking for the evaluation"), N_("Some days after the last course day.")),
    "seat-passed-on": _seat(_SCHOOLS, N_("Seat passed on"), N_("To who was replaced by a colleague.")),
    "participant-replaced": _seat(_SCHOOLS, N_("Participant replaced"), N_("To the institution, after replacing.")),
    "name-seats": _seat(_SCHOOLS, N_("Name reserved places"), N_("Before the course, while places have no name.")),
    "payer-request": _seat(_SCHOOLS, N_("Does the institution pay?"), N_("Staff named it as payer; it is asked.")),
    "payer-request-reminder": Entry(
        _SCHOOLS,
        N_("Reminder: does the institution pay?"),
        N_("Shortly before the question lapses."),
        has_enrolment=True,
    ),
    "payer-request-closed": _seat(
        _SCHOOLS, N_("Answer on who pays"), N_("The institution answered, or the question lapsed.")
    ),
    "payer-changed": _seat(_SCHOOLS, N_("Payer changed"), N_("An enrolment got another payer.")),
    "debit-note": _seat(_MONEY, N_("Debit note"), N_("On the day of the debit note, with the PDF.")),
    "debit-note-group": Entry(
        _MONEY,
        N_("Debit note for several enrolments"),
        N_("To an institution that wants one note a day or a month, with the PDF."),
    ),
    "credit-note": _seat(_MONEY, N_("Credit note"), N_("At once after a credit note is made, with the PDF.")),
    "note-reminder": Entry(_MONEY, N_("Reminder of a note"), N_("Days after the due date, while it is not paid.")),
    "note-reminder-firm": Entry(
        _MONEY, N_("Urgent reminder of a note"), N_("A later step of the reminders, while it is not paid.")
    ),
    "account-statement": Entry(_MONEY, N_("Statement of account"), N_("Somebody asks for it with a click.")),
    "answer-new-password": Entry(_MAILBOX, N_("Answer: new password"), N_("The mailbox was asked for a new password.")),
    "answer-registered-address": Entry(
        _MAILBOX, N_("Answer: which address am I known by"), N_("The mailbox was asked for an address.")
    ),
    "answer-institution-address": Entry(
        _MAILBOX, N_("Answer: which address is our institution known by"), N_("The mailbox was asked for an address.")
    ),
    "answer-certificate": _answer(N_("Answer: certificate")),
    "answer-note-copy": _answer(N_("Answer: debit or credit note")),
    "answer-payer-policy": _answer(N_("Answer: staff naming the institution")),
    "answer-billing-address": _answer(N_("Answer: billing address")),
    "answer-cancel": _answer(N_("Answer: cancelling")),
    "answer-replace": _answer(N_("Answer: a colleague instead")),
    "answer-enrol": _answer(N_("Answer: enrolling")),
    "answer-course-info": _answer(N_("Answer: about a course")),
    "answer-material": _answer(N_("Answer: course material")),
    "answer-change-details": _answer(N_("Answer: changing details")),
    "answer-link-institution": _answer(N_("Answer: linking to an institution")),
    "answer-create-account": _answer(N_("Answer: creating an account")),
    "answer-personal-data": _answer(N_("Answer: personal data")),
    "answer-payment": _answer(N_("Answer: paying")),
    "note-again": _seat(_MAILBOX, N_("Note again"), N_("The mailbox was asked for a note; to its payer.")),
    "address-known": Entry(_MAILBOX, N_("This is your address"), N_("To the address on file, after such a question.")),
    "reply": Entry(_MAILBOX, N_("Reply of a coordinator"), N_("A coordinator answers; the text is the coordinator's.")),
}
#: What coordinators write themselves each time has no template to edit.
NOT_EDITABLE = frozenset({"course-message", "reply"})

#: What a text may fill in, and what it is (msgids). Which of them a mail knows: :func:`placeholders`.
MEANINGS: dict[str, str] = {
    "new_address": N_("The address one signs in with from now on"),
    "to_name": N_("Name of the addressee"),
    "to": N_("To whom this copy goes: person, institution, payer, person_copy, account or address"),
    "person_name": N_("Name of the participant"),
    "course_title": N_("Title of the course"),
    "course_code": N_("Code of the course"),
    "course_url": N_("Address of the course's page"),
    "course_id": N_("What ends the address of the course's page"),
    "first_day": N_("First course day"),
    "days": N_("The course days, each with date, from, to, room and online_url"),
    "place": N_("Place"),
    "price": N_("Price"),
    "is_free": N_("Whether the course is free of charge"),
    "payer_name": N_("Name of who pays"),
    "is_paid_by_institution": N_("Whether an institution pays"),
    "debit_note_on": N_("Day on which the debit note leaves"),
    "certificate_on": N_("Day from which the certificate is there"),
    "note_number": N_("Number of the note"),
    "is_credit_note": N_("Whether it is a credit note"),
    "issued_on": N_("Day on which the note was issued"),
    "due_on": N_("Due date of the note"),
    "total": N_("Amount of the note"),
    "ogm": N_("Payment reference"),
    "iban": N_("Our account number"),
    "open_amount": N_("What is still to be paid of the note"),
    "is_part": N_("Whether part of the note was paid or credited"),
    "pay_by": N_("The last day to pay that a reminder names"),
    "earlier_on": N_("Day of the reminder before; empty when there was none"),
    "reminder_cost": N_("What this reminder costs; empty when nothing"),
    "next_cost": N_("What a further reminder may cost; empty when nothing"),
    "is_consumer": N_("Whether a person pays, not an institution"),
    "is_last": N_("Whether no further reminder follows"),
    "about": N_("What the note is for"),
    "first_on": N_("First day of the statement of account"),
    "last_on": N_("Last day of the statement of account"),
    "balance": N_("What is open on the last day of the statement"),
    "is_credit": N_("Whether CNO owes money instead"),
    "corrects_number": N_("Number of the debit note that is corrected"),
    "institution_name": N_("Name of the institution"),
    "asked_name": N_("Name of the institution that was asked to pay; empty when none was"),
    "open_questions": N_("How many questions of the course the participant must still answer"),
    "cancel_terms": N_("Until when cancelling is free of charge, as a sentence; may be empty"),
    "replace_until": N_("The last day on which a colleague may take the place; empty when that is over"),
    "cancellation_cost": N_("What cancelling costs"),
    "money_sentence": N_("Which note follows, as a sentence"),
    "position": N_("Place on the waiting list"),
    "offer_hours": N_("Hours that an offered seat stays open"),
    "offer_expires": N_("Until when the offered seat is kept"),
    "names": N_("Names, as a list"),
    "change": N_("What happened to the course day: moved, changed, added or removed"),
    "was_day": N_("The course day as it was"),
    "now_day": N_("The course day as it is now"),
    "day_link": N_("The link of an online course day"),
    "is_waiting": N_("Whether the person only waits for a place"),
    "has_seat": N_("Whether the person has a confirmed seat"),
    "reason": N_("Why the course was cancelled"),
    "unnamed": N_("Number of places without a name"),
    "count": N_("How many there are"),
    "coming": N_("Coming courses, as a list"),
    "name_until": N_("Last day to name reserved places"),
    "total_cents": N_("Price of all seats together, in cents; write total_cents|euro"),
    "takes_over_from": N_("Who had the seat before; empty when nobody had"),
    "old_name": N_("Name of who is replaced"),
    "new_name": N_("Name of who comes"),
    "is_undone": N_("Whether a replacement was undone"),
    "is_billed": N_("Whether the debit note has left"),
    "ended_by": N_("CNO's name when it ended the link; empty when the institution did"),
    "until": N_("Last day to answer"),
    "answer": N_("What came of the question: approved, declined or lapsed"),
    "old_payer": N_("Who paid before; empty for the participant"),
    "new_payer": N_("Who pays now; empty for the participant"),
    "sent_to": N_("Where notes go"),
    "billing_name": N_("Name on the notes"),
    "grouping": N_("Whether each enrolment has a debit note of its own, or those of a day or a month share one"),
    "policy": N_("Whether staff may name the institution as payer"),
    "role": N_("Whose account it is: person or institution"),
    "name": N_("Name of the person or institution the account is of"),
    "invited_by": N_("Who invites; may be empty"),
    "hours": N_("Hours that the course lasts"),
    "to_bring": N_("What participants bring along; may be empty"),
    "valid_until": N_("Last day on which the link works"),
    "valid_days": N_("Days that the link is valid"),
    "valid_minutes": N_("Minutes that the link is valid"),
    "secret": N_("What makes the link work; only inside url(…)"),
    "is_automatic": N_("Whether it leaves by itself; else it is read in the chat or as a draft"),
    "has_link": N_("Whether it holds a link that works once"),
    "is_own": N_("Whether the sender's address has an account"),
    "is_institution": N_("Whether the question is about an institution's account"),
    "as_of": N_("Day and time of the facts"),
    "links": N_("The pages it leads to, each with label and url"),
    "certificates": N_("Courses, each with course_title, person_name, last_day, is_there and from_day"),
    "certificate_days": N_("Days from the last course day to the certificate"),
    "enrolments": N_("Enrolments, each with course_title, first_day, person_name, cancellation_cost and free_until"),
    "free_until": N_("Last day to cancel free of charge; may be empty"),
    "pays_alone": N_("Whether the person pays alone"),
    "courses": N_("Courses, each with course_title, course_code, dates, place, price, places, deadline, target_group"),
    "materials": N_("Courses with material, each with course_title and count"),
    "answer_by": N_("Last day to answer, a month later"),
    "notes": N_("Open notes, each with number, total, due_on, course_title and is_partly_credited"),
    "coming_notes": N_("Debit notes to leave, each with course_title, person_name, total and leaves_on"),
    "more": N_("How many more there are"),
    "term_days": N_("Days to pay a debit note"),
    "lines": N_("The lines of the note, each with person_name, course_title and amount"),
    "addition": N_("A text that a coordinator added to this one mail"),
}
_ALWAYS = frozenset({"to", "to_name"})
_OF_SEAT = frozenset(
    {
        "course_title",
        "course_code",
        "course_url",
        "first_day",
        "days",
        "place",
        "person_name",
        "is_paid_by_institution",
        "payer_name",
        "price",
        "is_free",
        "debit_note_on",
        "certificate_on",
    }
)
_OF_NOTE = frozenset({"note_number", "is_credit_note", "issued_on", "due_on", "total", "ogm", "iban"})
#: Names that are no facts: the address of a page, the organiser, building blocks of the HTML.
FURNITURE = frozenset({"url", "own", PARTS})


@lru_cache(maxsize=128)
def placeholders(name: str) -> frozenset[str]:
    """What the texts of a mail may fill in: what its own texts use, and all facts of the seat and note it is about."""
    used: set[str] = set()
    for language in Language:
        for part in ("subject.txt", "body.txt", "body.html"):
            used |= meta.find_undeclared_variables(environment().parse(code_source(name, language, part)))
    found = used - FURNITURE - {"language", "subject"} | _ALWAYS
    if ENTRIES[name].has_enrolment:
        found |= _OF_SEAT
    if ENTRIES[name].topic is MailTopic.MONEY:
        found |= _OF_NOTE
    return frozenset(found)
