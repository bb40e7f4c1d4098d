"""The sandbox in which the texts of mails are filled in: few filters, no functions but the address of a page."""

from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from core.i18n import day
from core.money import euro
from core.settings import settings

TEMPLATES = Path(__file__).parent / "templates"
#: The building blocks (a button, a table of facts) under this name in HTML.
PARTS = "parts"
FILTERS = ("length", "upper", "lower", "capitalize", "join")


def url(page: str = "", **query: object) -> str:
    """The full address of a page of the site: `url("bevestigen", code="…")`."""
    address = f"{settings().public_url}/{page}"
    return f"{address}?{urlencode(query)}" if query else address


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The sandbox in which all texts are filled in."""
    made = SandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name and name.endswith(".html")),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals = {"url": url}
    made.filters = {name: made.filters[name] for name in FILTERS}
    made.filters |= {"day": day, "euro": euro}
    return made
