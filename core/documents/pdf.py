"""HTML templates → PDF/A by WeasyPrint: the same payload gives the same bytes (`billing.md` §7).

Fonts and style sheets are read once a process; no template can reach a file or the network.
"""

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from core.i18n import day, short_day, speaking
from core.money import euro
from core.rules.billing import printed_code, printed_ogm
from core.vocabulary import Language

MEDIA_TYPE = "application/pdf"
FOLDER = Path(__file__).parent / "templates"
FONTS = Path(__file__).parent.parent.parent / "pages" / "static" / "fonts"


@dataclass(frozen=True, slots=True)
class _Press:
    fonts: FontConfiguration
    style: CSS
    fetcher: URLFetcher


@lru_cache(maxsize=1)
def _press() -> _Press:
    fonts = FontConfiguration()
    faces = "".join(
        f"@font-face{{font-family:'{family}';font-weight:{weight};"
        f"src:url('{(FONTS / f'source-sans-3-{subset}-{weight}-normal.woff2').as_uri()}')}}"
        for family, subset in (("Source Sans 3", "latin"), ("Source Sans 3 Ext", "latin-ext"))
        for weight in (400, 600, 700)
    )
    style = CSS(string=faces + (FOLDER / "style.css").read_text(encoding="utf-8"), font_config=fonts)
    gc.collect()
    gc.freeze()  # each document is a large tree: its collections need not walk the fonts, styles and modules again
    return _Press(fonts, style, URLFetcher(allowed_protocols=("data",), fail_on_errors=True))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "euro": euro,
        "day": lambda iso: day(date.fromisoformat(iso)),
        "short_day": lambda iso: short_day(date.fromisoformat(iso)),
        "ogm": printed_ogm,
        "code": printed_code,
        "groups": lambda text: " ".join(text[index : index + 4] for index in range(0, len(text), 4)),
        "hours": hours,
    }
    return environment


def hours(minutes: int) -> str:
    """A length in minutes, as hours: 390 → «6,5» (one decimal at most two, comma)."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def rendered(
    template: str,
    language: Language,
    facts: Mapping[str, Any],
    *,
    identifier: str,
    variant: str,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """A document as PDF/A bytes; `identifier` is its number, `variant` such as `pdf/a-3a`, which may hold attachments.

    Raises jinja2.TemplateError or weasyprint's errors: each is a bug in a template, never the reader's fault.
    """
    with speaking(language):
        html = _environment().get_template(f"{language}/{template}").render(**facts, language=language.value)
    press = _press()
    pdf = HTML(string=html, url_fetcher=press.fetcher).write_pdf(
        stylesheets=[press.style],
        font_config=press.fonts,
        pdf_variant=variant,
        pdf_identifier=identifier.encode(),
        attachments=list(attachments) or None,
    )
    return bytes(pdf)
