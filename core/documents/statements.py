"""A statement of account as PDF/A."""

from collections.abc import Mapping
from typing import Any

from core.documents import pdf
from core.vocabulary import Language


def to_pdf(facts: Mapping[str, Any], language: Language) -> bytes:
    """The statement on paper; `facts` come from :func:`core.services.statements.facts`."""
    identifier = f"statement-{facts['payer']['number'] or facts['payer']['name']}-{facts['first']}-{facts['last']}"
    return pdf.rendered("statement.html", language, {"account": facts}, identifier=identifier, variant="pdf/a-2a")
