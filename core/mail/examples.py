"""Made-up facts for every mail: they stand in for what a real example of the database does not hold."""

from datetime import date

from core.mail.sandbox import url
from core.vocabulary import Role

EXAMPLES: dict[str, object] = {
    "secret": "geheim-123",
    "hours": "6,5",
    "to_bring": "Een laptop en uw jaarplan.",
    "invited_by": "Bo Claes",
    "valid_days": 7,
    "valid_minutes": 60,
    "role": Role.PERSON.value,
    "corrects_number": "DN-2026-000001",
    "open_amount": "€ 100,00",
    "is_part": True,
    "pay_by": "20 januari 2027",
    "earlier_on": "",
    "reminder_cost": "",
    "next_cost": "",
    "is_consumer": True,
    "is_last": False,
    "about": "26/TST/001A Didactiek Nederlands",
    "first_on": "1 september 2026",
    "last_on": "25 november 2026",
    "balance": "€ 285,00",
    "is_credit": False,
    "position": 3,
    "offer_hours": 48,
    "offer_expires": "25 november 2026 om 12:00",
    "course_id": "didactiek-nederlands-00001",
    "cancel_terms": "U kunt kosteloos annuleren tot en met 15 december 2026.",
    "replace_until": date(2026, 12, 15),
    "is_waiting": False,
    "cancellation_cost": "€ 25,00",
    "money_sentence": "Een debetnota voor deze kosten volgt per mail.",
    "message_subject": "Zaal gewijzigd",
    "message_text": "Dag An,\n\nWe verhuizen naar R.204.\nTot dan!",
    "reply_subject": "Re: Parking",
    "reply_text": "Dag Bert,\n\nJa, aan de overkant.\n\nVriendelijke groet,\nHet CNO-team",
    "new_address": "nieuw@school.example",
    "old_address": "oud@school.example",
    "name": "An Peeters",
    "institution_name": "Basisschool De Zonnewimpel",
    "ended_by": "",
    "valid_until": "7 december 2026",
    "asked_name": "",
    "open_questions": 0,
    "coming": ["Didactiek Nederlands, 17/12/2026"],
    "names": ["An Peeters", "Bo Claes"],
    "unnamed": 2,
    "total_cents": 57_000,
    "name_until": date(2026, 12, 16),
    "takes_over_from": "Bo Claes",
    "old_name": "Bo Claes",
    "new_name": "An Peeters",
    "is_undone": False,
    "is_billed": False,
    "until": date(2026, 11, 29),
    "answer": "lapsed",
    "old_payer": "Basisschool De Zonnewimpel",
    "new_payer": "",
    "count": 23,
    "sent_to": "boekhouding@school.example",
    "billing_name": "Scholengroep De Wimpel",
    "policy": "na goedkeuring",
    "grouping": "Eén nota per maand",
    "change": "moved",
    "was_day": "wo 23 december 2026, 09:30–16:00, R.101",
    "now_day": "wo 6 januari 2027, 13:30–16:30",
    "day_link": "https://meet.example/x",
    "has_seat": True,
    "reason": "De docent is ziek.",
    "is_automatic": True,
    "is_own": True,
    "has_link": True,
    "is_institution": True,
    "as_of": "25 november 2026 om 12:00",
    "links": [{"label": "Mijn portaal", "url": url("mijn-nascholingen")}],
    "certificates": [
        {
            "course_title": "Didactiek Nederlands",
            "person_name": "",
            "last_day": "16 december 2026",
            "is_there": False,
            "from_day": "23 december 2026",
        },
        {
            "course_title": "AI in de klas",
            "person_name": "Bo Claes",
            "last_day": "2 juni 2026",
            "is_there": True,
            "from_day": "9 juni 2026",
        },
    ],
    "certificate_days": 7,
    "enrolments": [],
    "free_until": "9 december 2026",
    "pays_alone": False,
    "courses": [
        {
            "course_title": "Didactiek Nederlands",
            "course_code": "26/TST/001A",
            "dates": ["wo 16 december 2026, 09:30–16:00"],
            "place": "Campus Boogkeers, Boogkeers 5, Antwerpen",
            "price": "€ 190,00",
            "places": "nog 4 plaatsen",
            "deadline": "",
            "target_group": "leraren secundair onderwijs",
        }
    ],
    "materials": [{"course_title": "Didactiek Nederlands", "count": 2}],
    "answer_by": "25 december 2026",
    "notes": [
        {
            "number": "DN-2026-000001",
            "total": "€ 190,00",
            "due_on": "30 december 2026",
            "course_title": "Didactiek Nederlands",
            "is_partly_credited": False,
        }
    ],
    "coming_notes": [
        {"course_title": "AI in de klas", "person_name": "", "total": "€ 95,00", "leaves_on": "2 december 2026"}
    ],
    "lines": [
        {"person_name": "An Peeters", "course_title": "Didactiek Nederlands", "amount": "€ 190,00"},
        {"person_name": "Bo Claes", "course_title": "AI in de klas", "amount": "€ 95,00"},
    ],
    "more": 0,
    "term_days": 30,
}


def of_seat() -> dict[str, object]:
    """A seat, its course and its note, for a database that holds none yet."""
    day = {"date": "wo 16 december 2026", "from": "09:30", "to": "16:00", "room": "R.101", "online_url": ""}
    return {
        "to_name": "An Peeters",
        "course_title": "Didactiek Nederlands",
        "course_code": "26/TST/001A",
        "course_url": url("nascholing", id="didactiek-nederlands-00001"),
        "first_day": "wo 16 december 2026",
        "days": [day],
        "place": "Campus Boogkeers, Boogkeers 5, Antwerpen",
        "person_name": "An Peeters",
        "is_paid_by_institution": True,
        "payer_name": "Basisschool De Zonnewimpel",
        "price": "€ 190,00",
        "is_free": False,
        "debit_note_on": "30 november 2026",
        "certificate_on": "23 december 2026",
        "note_number": "DN-2026-000001",
        "is_credit_note": False,
        "issued_on": "30 november 2026",
        "due_on": "30 december 2026",
        "total": "€ 190,00",
        "ogm": "+++202/6000/00197+++",
        "iban": "BE71 0961 2345 6769",
    }


def example() -> dict[str, object]:
    """All made-up facts together."""
    return EXAMPLES | of_seat()
