"""In which province a Belgian postcode lies (bpost's ranges)."""

from core.vocabulary import Province

_RANGES = (
    (1000, 1299, Province.BRUSSELS),
    (1300, 1499, Province.WALLOON_BRABANT),
    (1500, 1999, Province.FLEMISH_BRABANT),
    (2000, 2999, Province.ANTWERP),
    (3000, 3499, Province.FLEMISH_BRABANT),
    (3500, 3999, Province.LIMBURG),
    (4000, 4999, Province.LIEGE),
    (5000, 5999, Province.NAMUR),
    (6000, 6599, Province.HAINAUT),
    (6600, 6999, Province.LUXEMBOURG),
    (7000, 7999, Province.HAINAUT),
    (8000, 8999, Province.WEST_FLANDERS),
    (9000, 9999, Province.EAST_FLANDERS),
)


def province_of(postcode: str) -> Province:
    """The province of a postcode, «B-2000» included; anything else than four Belgian digits is abroad or unknown."""
    digits = postcode.strip().upper().removeprefix("B").removeprefix("-").strip()
    if len(digits) != 4 or not digits.isascii() or not digits.isdigit():
        return Province.UNKNOWN
    number = int(digits)
    return next((province for first, last, province in _RANGES if first <= number <= last), Province.UNKNOWN)
