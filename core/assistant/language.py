"""In which language a mail is written: by its commonest words, Dutch unless another clearly wins."""

from enum import StrEnum

from core.text import folded
from core.vocabulary import Language


class Tongue(StrEnum):
    """What people write to us in; answers exist in Dutch and English."""

    DUTCH = "nl"
    ENGLISH = "en"
    FRENCH = "fr"


_WORDS: dict[Tongue, frozenset[str]] = {
    Tongue.DUTCH: frozenset(
        (
            "de het een en ik is niet van op dat voor met mijn zijn aan te kan hoe waar wat wij we jullie u uw "
            "ook nog maar om bij naar als deze dit er geen graag bedankt beste groeten wil heb heeft ben kunnen "
            "zou worden wordt moet door ons onze welk welke wanneer vraag wachtwoord cursus nascholing school "
            "inschrijving debetnota factuur vergeten dag attest collega gekend inloggen aanmelden geachte via "
            "hier alvast meer mag krijg "
        ).split()
    ),
    Tongue.ENGLISH: frozenset(
        (
            "the a an and i is not of on that for with my are to can how where what we you your also but at by "
            "this there no please thanks thank dear hello regards want have has am could would be must our which "
            "when question password course training forgotten forgot address invoice certificate enrol register "
            "sign cannot it do does did was me colleague login from new any send kind best log up "
        ).split()
    ),
    Tongue.FRENCH: frozenset(
        (
            "le la les un une et je est pas de sur que pour avec mon ma mes sont peux pouvez comment ou quoi nous "
            "vous votre aussi mais ce cette il y merci bonjour madame monsieur cordialement veux voudrais ai suis "
            "quel quelle quand question mot passe cours formation ecole inscription facture oublie adresse "
            "attestation collegue puis ne des du au en dans j n l d qu par se son notre nos vos plus recu "
        ).split()
    ),
}


def tongue_of(text: str) -> Tongue:
    """The language most of the common words of a text belong to; Dutch on a draw and without any."""
    words = folded(text.replace("'", " ").replace("’", " ").replace(".", " ")).split()
    counts = {tongue: sum(word in known for word in words) for tongue, known in _WORDS.items()}
    best = max(counts, key=lambda tongue: counts[tongue])
    return best if counts[best] > counts[Tongue.DUTCH] else Tongue.DUTCH


def answer_language(tongue: Tongue) -> Language:
    """The language of our answer: English to English, Dutch to everybody else."""
    return Language.ENGLISH if tongue is Tongue.ENGLISH else Language.DUTCH
