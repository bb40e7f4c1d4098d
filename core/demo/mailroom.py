"""The text modules that coordinators begin with, to change or throw away."""

from core import clock
from core.db import Db
from core.models import TextModule
from core.vocabulary import Language

_MODULES = (
    ("Bedankt voor uw bericht", "Beste {naam}\n\nDank u voor uw bericht."),
    ("Wij zoeken het uit", "Beste {naam}\n\nWij zoeken dit voor u uit. U hoort van ons binnen twee werkdagen."),
    (
        "Attest: waar en wanneer",
        (
            "Uw attest staat vanaf een week na de laatste cursusdag klaar: meld u aan, klik op"
            " «Mijn portaal», dan op «Mijn nascholingen» en daar op «attest»."
        ),
    ),
    (
        "Vraag om verduidelijking",
        (
            "Beste {naam}\n\nOm u goed te helpen hebben wij nog iets nodig: over welke nascholing"
            " gaat het, en onder welke naam en school bent u ingeschreven?"
        ),
    ),
    (
        "Parking en bereikbaarheid",
        "Alle praktische gegevens van {nascholing} ({eerste_dag}) vindt u op de pagina van de nascholing.",
    ),
)


def text_modules(db: Db) -> None:
    """Add them."""
    db.add_all(
        TextModule(language=Language.DUTCH, title=title, text=text, author="CNO", changed_at=clock.now())
        for title, text in _MODULES
    )
