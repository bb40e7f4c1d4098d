"""Templates → subject, text and HTML. A mail is a folder per language; the layout adds greeting and signature.

What a coordinator edited takes the place of subject and body; the layout around it stays. A text that cannot be filled
in stops no mail: the code's own text leaves, and the failure stands in the log and in the audit trail.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Template
from markupsafe import Markup

from core import audit
from core.db import Db
from core.decided import Decisions
from core.decisions import decisions
from core.mail import html_of_text, versions
from core.mail.sandbox import PARTS, TEMPLATES, environment, url
from core.mail.versions import Draft
from core.vocabulary import CLOCK, AuditTag, Language

__all__ = ["TEMPLATES", "Rendered", "as_html", "code_draft", "code_source", "render", "render_draft", "url"]
_BODY = re.compile(r"{% block body %}\n?(.*){% endblock %}", re.DOTALL)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's texts, ready to freeze."""

    subject: str
    text: str
    html: str


def code_source(name: str, language: Language, part: str) -> str:
    """The source of a part of the code's own template: «subject.txt», «body.txt» or «body.html»."""
    return (TEMPLATES / language / name / part).read_text(encoding="utf-8")


@lru_cache(maxsize=128)
def code_draft(name: str, language: Language) -> Draft:
    """The code's own texts of a mail, without their layout, as a coordinator begins to edit them."""

    def body(part: str) -> str:
        found = _BODY.search(code_source(name, language, part))
        return found[1].strip("\n") if found else ""

    return Draft(code_source(name, language, "subject.txt").strip(), body("body.txt"), body("body.html"))


def render(db: Db, name: str, language: Language, facts: Mapping[str, object]) -> Rendered:
    """A mail in a language. Raises jinja2.TemplateError when a code's template asks for what is not there (a bug)."""
    version = versions.newest(db, name, language)
    if version is not None and version.draft is not None:
        try:
            return render_draft(decisions(db), version.draft, language, facts)
        except Exception as broken:
            log.exception("an edited mail cannot be filled in: %s %s version %s", name, language, version.version)
            audit.record(db, CLOCK, AuditTag.MAIL_TEMPLATE_FAILED, version.row(db), name=name, error=str(broken)[:300])
    folder = f"{language}/{name}"
    context = {**facts, "language": language.value, "own": decisions(db)}
    subject = " ".join(environment().get_template(f"{folder}/subject.txt").render(context).split())
    text = environment().get_template(f"{folder}/body.txt").render(context)
    html = environment().get_template(f"{folder}/body.html").render({**context, "subject": subject})
    return Rendered(subject=subject, text=_tidy(text), html=html)


def words(db: Db, name: str, language: Language, facts: Mapping[str, object]) -> tuple[str, str]:
    """Subject and text of a mail without its greeting and signature, as a draft or the chat shows them.

    An edited text that cannot be filled in gives way to the code's own.
    """
    version = versions.newest(db, name, language)
    own = code_draft(name, language)
    context = {**facts, "language": language.value, "own": decisions(db)}
    try:
        return _words(version.draft if version is not None and version.draft is not None else own, context)
    except Exception:
        log.exception("an edited mail cannot be filled in: %s %s", name, language)
        return _words(own, context)


def _words(draft: Draft, context: Mapping[str, object]) -> tuple[str, str]:
    subject = " ".join(_compiled(draft.subject, "subject.txt").render(context).split())
    return subject, _tidy(_compiled(draft.text, "body.txt").render(context))


def render_draft(own: Decisions, draft: Draft, language: Language, facts: Mapping[str, object]) -> Rendered:
    """Edited texts within the layout of the code. Raises what filling them in raises."""
    context = {**facts, "language": language.value, "own": own}
    subject = " ".join(_compiled(draft.subject, "subject.txt").render(context).split())
    text = _tidy(_compiled(draft.text, "body.txt").render(context))
    if draft.html is None:
        html = html_of_text.html_of(text)
    else:
        parts = f'{{% import "{language}/_parts.html" as {PARTS} %}}'
        html = Markup(_compiled(parts + draft.html, "body.html").render(context))  # noqa: S704 - autoescaped
    around = {"edited": text, **context, "subject": subject}
    return Rendered(
        subject=subject,
        text=_tidy(environment().get_template("_edited.txt").render(around)),
        html=environment().get_template("_edited.html").render({**around, "edited": html}),
    )


@lru_cache(maxsize=256)
def _compiled(source: str, name: str) -> Template:
    """A text of a coordinator; the ending of the name decides whether what is filled in is escaped."""
    sandbox = environment()
    return Template.from_code(sandbox, sandbox.compile(source, name, name), sandbox.make_globals(None))


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for index, line in enumerate(lines) if line or (index and lines[index - 1])]
    return "\n".join(kept) + "\n"


def as_html(subject: str, text: str, language: Language) -> str:
    """A written text as the simple HTML that a coordinator's own answers have."""
    context = {"language": language.value, "subject": subject, "reply_text": text}
    return environment().get_template(f"{language}/reply/body.html").render(context)
