"""How far the sender's address can be believed, from what our own servers wrote above the mail (RFC 8601)."""

import re
from email.message import Message

import authres
from publicsuffix2 import get_sld

from core.vocabulary import Verdict
from mailbot.reading import sender_of


def verdict(parsed: Message, our_hosts: frozenset[str], our_ids: frozenset[str]) -> Verdict:
    """`bad` without one clean From; otherwise what the topmost Authentication-Results of our own servers say.

    Only headers above the first foreign `Received` are looked at. Without hosts and ids of ours every clean mail is
    `none`.
    """
    sender = sender_of(parsed)
    if sender is None:
        return Verdict.BAD
    domain = sender.addr_spec.lower().rpartition("@")[2]
    found = _our_results(parsed, our_hosts, our_ids)
    if found is None:
        return Verdict.NONE
    proofs = [
        (
            result.method,
            result.result.lower(),
            {f"{each.type}.{each.name}": str(each.value).lower() for each in result.properties},
        )
        for result in found.results
    ]
    if any(method == "dmarc" and about.get("header.from") != domain for method, _result, about in proofs):
        return Verdict.BAD
    dmarc = next((result for method, result, _about in proofs if method == "dmarc"), "none")
    if dmarc in ("pass", "fail"):
        return Verdict(dmarc)
    is_aligned = any(
        method in ("dkim", "spf")
        and result == "pass"
        and same_organisation(about.get("header.d") or about.get("smtp.mailfrom", ""), domain)
        for method, result, about in proofs
    )
    return Verdict.ALIGNED if is_aligned else Verdict.NONE


def _our_results(
    parsed: Message, our_hosts: frozenset[str], our_ids: frozenset[str]
) -> authres.AuthenticationResultsHeader | None:
    """The topmost results of ours among the headers that our own servers wrote."""
    zone: list[str] = []
    is_ours = False
    for name, raw in parsed.raw_items():
        value = " ".join(str(raw).split())
        if name.lower() == "authentication-results":
            zone.append(value)
        elif name.lower() == "received":
            by = re.search(r"\bby\s+([\w.-]+)", value, re.IGNORECASE)
            if by is None or by[1].lower() not in our_hosts:
                break
            is_ours = True
    for value in zone if is_ours else []:
        try:
            found = authres.AuthenticationResultsHeader.parse("Authentication-Results: " + value.rstrip("; "))
        except Exception:  # noqa: S112 - a header that cannot be read proves nothing; the library raises of many kinds
            continue
        if found.authserv_id.lower() in our_ids:
            return found
    return None


def same_organisation(one: str, other: str) -> bool:
    """Whether two domains (or an address and a domain) belong to one registered name."""
    domain = get_sld(one.rpartition("@")[2]) or ""
    return "." in domain and domain == get_sld(other)
