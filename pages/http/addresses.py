"""Addresses that no page has: on to our own «page not found» (Streamlit's is a dialog in English)."""

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.shared import site

_PAGES = frozenset(door.url_path for door in site.DOORS)
#: The first part of what is answered outside the pages: our routes, and Streamlit's own.
_OTHERS = (
    "agenda",
    "attest",
    "docent",
    "download",
    "sessie",
    "metrics",
    "_stcore",
    "app",
    "static",
    "media",
    "upload",
    "component",
)


def is_known(path: str) -> bool:
    """Whether somebody answers at this path."""
    trimmed = path.strip("/")
    first = trimmed.partition("/")[0]
    return trimmed in _PAGES or first in _OTHERS or "." in first


class KnownAddresses:
    """Sends a browser that opens an unknown address to the page that says so; other requests pass."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        opens_a_page = scope["type"] == "http" and "text/html" in Headers(scope=scope).get("accept", "")
        if opens_a_page and not is_known(scope["path"]):
            await RedirectResponse(f"/{site.NOT_FOUND.url_path}", status_code=303)(scope, receive, send)
            return
        await self.app(scope, receive, send)
