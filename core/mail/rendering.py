"""Templates → subject, text and HTML. A mail is a folder per language; the layout adds greeting and signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from core.db import Db
from core.decisions import decisions
from core.i18n import day
from core.money import euro
from core.settings import settings
from core.vocabulary import Language

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's texts, ready to freeze."""

    subject: str
    text: str
    html: str


def url(page: str = "", **query: object) -> str:
    """The full address of a page of the site: `url("bevestigen", code="…")`."""
    address = f"{settings().public_url}/{page}"
    return f"{address}?{urlencode(query)}" if query else address


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name and name.endswith(".html")),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["url"] = url
    environment.filters["day"] = day
    environment.filters["euro"] = euro
    return environment


def render(db: Db, name: str, language: Language, facts: Mapping[str, object]) -> Rendered:
    """A mail in a language. Raises jinja2.TemplateError when a template asks for a fact that is not there (a bug)."""
    environment = _environment()
    context = {**facts, "language": language.value, "own": decisions(db)}
    folder = f"{language}/{name}"
    subject = " ".join(environment.get_template(f"{folder}/subject.txt").render(context).split())
    text = environment.get_template(f"{folder}/body.txt").render(context)
    html = environment.get_template(f"{folder}/body.html").render({**context, "subject": subject})
    return Rendered(subject=subject, text=_tidy(text), html=html)


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for index, line in enumerate(lines) if line or (index and lines[index - 1])]
    return "\n".join(kept) + "\n"


def as_html(subject: str, text: str, language: Language) -> str:
    """A written text as the simple HTML that a coordinator's own answers have."""
    context = {"language": language.value, "subject": subject, "reply_text": text, "own": settings()}
    return _environment().get_template(f"{language}/reply/body.html").render(context)
