"""What every answer knows and gives back: the question, what is said, and the pages it leads to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import exists, func, or_, select

from core import audit, clock, mail
from core.db import Db
from core.decisions import decisions
from core.i18n import _, moment
from core.mail.rendering import url
from core.models import Account, OutgoingMail
from core.text import address_key
from core.vocabulary import MAILBOT, Actor, AuditTag, Language, Verdict

#: The mail that tells an account's address «you are known by this address», and how rarely it may leave (days).
NOTICE = "address-known"
NOTICE_EVERY = timedelta(days=7)
#: How the dedupe keys begin of mails that somebody else than the account's owner may cause: a question about its
#: address, a second account for the same person, its address asked for by another account.
_BY_OTHERS = (f"{NOTICE}:other:", "account-exists:account:", "address-taken:")


@dataclass(frozen=True, slots=True)
class Question:
    """One message to answer. Nothing of it is ever quoted; `text` and `signature` only help to find the account.

    `mail_id` and `sha256` name the stored mail, `message_id` and `references` its headers. `actor` is who asks in the
    chat, where being signed in counts and no address does.
    """

    sender: str
    verdict: Verdict
    language: Language
    sha256: str = ""
    sender_name: str = ""
    text: str = ""
    signature: str = ""
    mail_id: int | None = None
    thread_id: int | None = None
    message_id: str = ""
    references: tuple[str, ...] = ()
    actor: Actor | None = None

    @property
    def address(self) -> str:
        """The sender's address as accounts store theirs."""
        return address_key(self.sender)


@dataclass(frozen=True, slots=True)
class Link:
    """A page that an answer leads to; `page` is its address on the site, `query` what it opens with."""

    label: str
    page: str
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The full address, for a mail."""
        return url(self.page, **self.query)


#: What an automatic mail does besides speaking (a notice, a note again); returns the secret of its link, if any.
Effect = Callable[[Db, Question], str]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said to a question: the mail of this name, the facts of its text, the pages it leads to.

    Making one changes nothing; `effect` does what an automatic mail announces. `account` is greeted by name.
    `needs_coordinator`: a human looks on as well. `is_enough`: else only a human answers, and no mail leaves.
    """

    name: str
    facts: Mapping[str, object] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    account: Account | None = None
    effect: Effect | None = None
    needs_coordinator: bool = False
    is_enough: bool = True

    def context(self, *, is_automatic: bool, has_link: bool = False) -> dict[str, object]:
        """All facts of the text. `is_automatic`: it leaves by itself, so what it announces is really done."""
        return {
            **self.facts,
            "as_of": moment(clock.now()),
            "links": [{"label": link.label, "url": link.url} for link in self.links],
            "is_automatic": is_automatic,
            "has_link": has_link,
        }


def page(label: str, address: str, **query: str) -> Link:
    """A link to a page of the site."""
    return Link(label, address, query)


def sign_in_page() -> Link:
    """Where whoever is not recognised begins."""
    return page(_("Sign in"), "aanmelden")


def help_page() -> Link:
    """The page that tells how everything goes (R3)."""
    return page(_("How does the website work?"), "hoe-werkt-de-website")


def listed(names: Sequence[str]) -> str:
    """Names one after another, as a sentence holds them."""
    return ", ".join(names)


def told_lately(db: Db, name: str, account: Account) -> bool:
    """Whether a notice of this name went to an account in the last seven days."""
    return bool(
        db.scalar(
            select(
                exists().where(
                    OutgoingMail.name == name,
                    OutgoingMail.account_id == account.id,
                    OutgoingMail.created_at > clock.now() - NOTICE_EVERY,
                )
            )
        )
    )


def is_disturbed(db: Db, question: Question, account: Account) -> bool:
    """Whether a notice for this question would be one too many of those that others cause to an account in a day.

    Locks the account, so that of two questions at once the second counts the notice of the first.
    """
    db.execute(select(Account.id).where(Account.id == account.id).with_for_update())
    if question.address == account.email or told_lately(db, NOTICE, account):
        return False
    caused = select(func.count()).where(
        OutgoingMail.account_id == account.id,
        OutgoingMail.created_at > clock.now() - timedelta(days=1),
        or_(*(OutgoingMail.dedupe_key.startswith(key, autoescape=True) for key in _BY_OTHERS)),
    )
    return (db.scalar(caused) or 0) >= decisions(db).mails_a_day_by_others


def tell_address(db: Db, question: Question, account: Account) -> None:
    """Tell the address on file that somebody asked for it: a fresh mail, at most one in seven days."""
    if is_disturbed(db, question, account) or told_lately(db, NOTICE, account):
        return
    by = "answer" if question.address == account.email else "other"
    mail.queue(db, NOTICE, dedupe=f"{by}:{question.sha256}:2", account=account)
    audit.record(db, MAILBOT, AuditTag.ACCOUNT_ADDRESS_ASKED, account, incoming_mail=question.mail_id)
