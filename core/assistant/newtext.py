"""The new text of a mail: without the quoted mail below it, its header block, the signature and the phone's own line.

Patterns of Dutch, English and French mail programs. When in doubt too much is left, never too little: what stays
lowers the certainty, what is lost would change the meaning.
"""

import re
from dataclasses import dataclass

LONGEST = 100_000

_ATTRIBUTION = re.compile(
    r"^\s*(?:(?:op|on|le|am)\s.{4,200}?\b(?:schreef|geschreven|wrote|a\s+[ée]crit)\b.{0,120}:"
    r"|.{2,120}\b(?:schreef op|heeft op|wrote on)\s.{4,120}:)\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^\s*\**(van|verzonden|datum|aan|cc|onderwerp|from|sent|date|to|subject|de|envoy[ée]|[àa]|objet|gesendet|von|an|betreff)"
    r"\s*:\**\s*\S",
    re.IGNORECASE,
)
_DIVIDER = re.compile(
    r"^\s*(?:_{5,}|-{2,}\s*(?:oorspronkelijk bericht|origineel bericht|original message|message d'origine)\s*-{2,}"
    r"|(?:oorspronkelijk bericht|original message|message d'origine)\s*:?)\s*$",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"^\s*(?:-{2,}\s*)?(?:begin )?(?:doorgestuurd bericht|forwarded message|doorgestuurde mail|"
    r"(?:d[ée]but du )?message (?:transf[ée]r[ée]|r[ée]exp[ée]di[ée]))\s*(?::|-{2,})\s*$",
    re.IGNORECASE,
)
_FORWARD_SUBJECT = re.compile(
    r"^\s*(?:re\s*:\s*|antw\s*:\s*)*(?:fw|fwd|doorst|doorgest|doorgestuurd|tr)\s*:", re.IGNORECASE
)
_REPLY_SUBJECT = re.compile(r"^\s*(?:re|antw|antwoord|betr|r[ée]p|sv|aw)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_DEVICE = re.compile(
    r"^\s*(?:verstuurd|verzonden|sent|envoy[ée]|gesendet)\s+"
    r"(?:vanaf|vanop|vanuit|via|met|from|with|de|depuis|using|von)\b.{0,80}$"
    r"|^\s*(?:outlook voor (?:ios|android) downloaden|get outlook for .{3,20}|t[ée]l[ée]charger outlook pour .{3,20})"
    r"\s*$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\s*(?:(?:met\s+)?(?:\w+\s+){0,2}groe(?:t|ten|tjes|tn)|m\.?\s?v\.?\s?g\.?r?\.?|vr\.?\s?gr\.?|"
    r"gr(?:tjs|tz|\.)?|hoogachtend|(?:with )?(?:kind|best|warm|kindest|many)\s+(?:regards|wishes)|regards|sincerely|"
    r"yours (?:sincerely|faithfully)|cheers|(?:bien |tr[èe]s )?cordialement|bien [àa] vous|"
    r"(?:meilleures|sinc[èe]res|cordiales) salutations|salutations.{0,20})"
    r"(?:\s+(?:van|uit|from)\s.{2,40})?[\s,.!-]*$",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^\s*(?:beste|geachte|dag|hallo|hoi|hey|goede(?:morgen|middag|navond|ndag)|goeie(?:morgen|middag|navond|ndag)|dear|hello|"
    r"hi|good (?:morning|afternoon)|bonjour|madame|monsieur|ch[eè]re?s?|l\.?s\.?)\b[^.?!]{0,50}?[,!]?\s*$",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"^\s*p\.?\s?s\.?\b", re.IGNORECASE)
_LONGEST_SIGNATURE = 15


@dataclass(frozen=True, slots=True)
class NewText:
    """What the sender wrote now, and what stands around it.

    `signature` begins at the closing («Met vriendelijke groeten»); names and schools in it help to find an account.
    """

    text: str
    signature: str
    is_forwarded: bool
    has_quote: bool


def is_reply(subject: str) -> bool:
    """Whether a subject is that of the mail answered, not the sender's own words."""
    return bool(_REPLY_SUBJECT.match(subject))


def new_text(subject: str, body: str) -> NewText:
    """What is new in a mail. A «FW:» or a forwarded mail below makes it a forwarded one."""
    lines = _tidy(body[:LONGEST]).split("\n")
    kept, has_quote, is_forwarded = _without_quotes(lines)
    kept, delimited = _without_delimited_signature(kept)
    text, closing = _without_closing(kept)
    return NewText(
        text=_joined(text),
        signature=_joined([*closing, *delimited]),
        is_forwarded=is_forwarded or bool(_FORWARD_SUBJECT.match(subject)),
        has_quote=has_quote,
    )


def message(text: str) -> str:
    """The text without its greeting line: what is asked."""
    lines = text.split("\n")
    return "\n".join(lines[1:]).strip() if len(lines) > 1 and _GREETING.match(lines[0]) else text


def _tidy(body: str) -> str:
    text = body.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return re.sub(r"[\u200b-\u200f\u2028\u2029\ufeff]", "", text)


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _without_quotes(lines: list[str]) -> tuple[list[str], bool, bool]:
    """The lines that are not quoted, whether something was, and whether that was forwarded."""
    kept: list[str] = []
    has_quote = False
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.lstrip().startswith(">"):
            has_quote = True
        elif (length := _attribution(lines, index)) > 0:
            has_quote = True
            if not _next_is_quoted(lines, index + length):
                return kept, True, False
            index += length - 1
        elif _FORWARD.match(line):
            return kept, True, True
        elif _DIVIDER.match(line) and _something_follows(lines, index + 1):
            return kept, True, False
        elif _header_block(lines, index):
            return kept, True, not _joined(kept)
        elif not _DEVICE.match(line):
            kept.append(line)
        index += 1
    return kept, has_quote, False


def _attribution(lines: list[str], index: int) -> int:
    """Over how many lines «Op … schreef …:» stands here; 0 when it does not."""
    if not lines[index].strip():
        return 0
    for length in (1, 2, 3):
        joined = " ".join(line.strip() for line in lines[index : index + length])
        if _ATTRIBUTION.match(joined) and len(joined) < 300 and "?" not in joined:
            return length
    return 0


def _next_is_quoted(lines: list[str], index: int) -> bool:
    following = next((line for line in lines[index : index + 4] if line.strip()), "")
    return following.lstrip().startswith(">")


def _something_follows(lines: list[str], index: int) -> bool:
    return any(line.strip() for line in lines[index:])


def _header_block(lines: list[str], index: int) -> bool:
    """Whether at least three different header lines begin here («Van: 1 september, Tot: 30 juni» does not)."""
    names: set[str] = set()
    for line in lines[index : index + 8]:
        found = _HEADER.match(line)
        if found is None:
            if names and line.strip() and not line.startswith((" ", "\t")):
                break
            if not names:
                return False
            continue
        names.add(found[1].lower())
    return len(names) >= 3


def _without_delimited_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    for index, line in enumerate(lines):
        if line.rstrip() == "--":
            return lines[:index], lines[index + 1 :]
    return lines, []


def _without_closing(lines: list[str]) -> tuple[list[str], list[str]]:
    """Text and what follows the closing; a postscript is text, and so is all when too much follows."""
    for index, line in enumerate(lines):
        if not _CLOSING.match(line) or not _joined(lines[:index]):
            continue
        after = lines[index:]
        postscript = next((at for at, following in enumerate(after) if _POSTSCRIPT.match(following)), len(after))
        signature = after[:postscript]
        said = [following for following in signature if following.strip()]
        if len(said) > _LONGEST_SIGNATURE or any("?" in following for following in said):
            return lines, []
        return [*lines[:index], *after[postscript:]], signature
    return lines, []
