"""When two words differ by one typing error."""


def is_one_slip_away(typed: str, known: str) -> bool:
    """Whether one letter too many, too few or wrong, or two neighbours swapped, makes one word of the other."""
    if typed == known or abs(len(typed) - len(known)) > 1 or not known.isalpha():
        return False
    start = 0
    while start < min(len(typed), len(known)) and typed[start] == known[start]:
        start += 1
    typed, known = typed[start:], known[start:]
    if typed[1:] == known[1:] or typed[1:] == known or typed == known[1:]:
        return True
    return typed[:2] == known[1::-1] and typed[2:] == known[2:]
