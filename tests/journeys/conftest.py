"""A platform for each module of journeys, and a real browser."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from core.demo import COORDINATOR_ADDRESS, PASSWORD
from tests.journeys.platform import Platform
from tests.journeys.together import group_of, is_last

WIDTHS = (1280, 390)
#: Whether Streamlit has drawn for 150 milliseconds without a run.
RESTS = """() => {
    const app = document.querySelector("[data-testid=stApp][data-test-connection-state=CONNECTED]");
    if (app?.dataset.testScriptState !== "notRunning") {
        window.restsSince = 0;
        return false;
    }
    window.restsSince ||= performance.now();
    return performance.now() - window.restsSince > 150;
}"""


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a platform just filled with demo data, made once for all processes of this test run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = shared / "demo_data"
    with (shared / "demo_data.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            making = Platform(Path(shared / "demo_data_making"))
            shutil.rmtree(making.folder, ignore_errors=True)
            making.folder.mkdir()
            making.prepare()
            making.folder.rename(made)
    return made


@pytest.fixture(scope="session")
def platforms() -> Iterator[dict[str, Platform]]:
    """The platform that runs in this process, under the name of its group of journeys."""
    running: dict[str, Platform] = {}
    yield running
    _end(running)


@pytest.fixture(scope="module")
def platform(
    request: pytest.FixtureRequest,
    platforms: dict[str, Platform],
    demo_data: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Platform]:
    """A platform that began with the demo data, one for each group of journeys."""
    group = group_of(request.node.nodeid)
    if group not in platforms:
        _end(platforms)
        fresh = platforms[group] = Platform(tmp_path_factory.mktemp("platform"))
        shutil.copytree(demo_data, fresh.folder, dirs_exist_ok=True)
        fresh.start()
    yield platforms[group]
    if is_last(request.node.nodeid):
        _end(platforms)


def _end(running: dict[str, Platform]) -> None:
    """Leave nothing behind, also of what did not start in time."""
    while running:
        _group, platform = running.popitem()
        if platform.process is not None and platform.process.poll() is None:
            platform.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; gone with its module, for an event loop runs in this thread as long as it does."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
        )
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of one visitor at 1280 px, in Dutch."""
    made = browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-BE", accept_downloads=True)
    made.set_default_timeout(20_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    expect.set_options(timeout=20_000)
    return context.new_page()


@pytest.fixture(scope="module")
def team(platform: Platform, browser: Browser) -> Iterator[Page]:
    """A coordinator's browser, for all of a module: signing in takes seconds."""
    yield from staff_browser(platform, browser, COORDINATOR_ADDRESS)


def staff_browser(platform: Platform, browser: Browser, email: str) -> Iterator[Page]:
    """A browser in which one of the demo's team is signed in, until it is closed."""
    expect.set_options(timeout=20_000)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-BE", accept_downloads=True)
    context.set_default_timeout(20_000)
    yield signed_in_team(platform, context.new_page(), email)
    context.close()


def signed_in_team(platform: Platform, page: Page, email: str = COORDINATOR_ADDRESS) -> Page:
    """A page on which one of the demo's team is signed in."""
    page.goto(f"{platform.url}/team")
    form = page.get_by_test_id("stForm")
    form.get_by_label("E-mailadres").fill(email)
    form.get_by_label("Wachtwoord").fill(PASSWORD)
    form.get_by_role("button", name="Aanmelden").click()
    has_cookie(page)
    return page


def settled(page: Page) -> None:
    """Wait until Streamlit has finished drawing and begins nothing new: a click between two runs may be lost."""
    page.evaluate("window.restsSince = 0")
    page.wait_for_function(RESTS, timeout=30_000)


def opened_with(page: Page, address: str, text: str) -> None:
    """Open a page, anew until it shows a text: what comes by mail arrives a moment later."""
    for _ in range(20):
        page.goto(address)
        settled(page)
        if page.get_by_text(text).first.is_visible():
            return
        page.wait_for_timeout(500)
    expect(page.get_by_text(text).first).to_be_visible()


def picture(page: Page, name: str) -> None:
    """A screenshot of the whole page at both widths, when JOURNEY_PICTURES names a folder."""
    folder = os.environ.get("JOURNEY_PICTURES")
    if not folder:
        return
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(600)
        whole = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")  # it scrolls within
        page.set_viewport_size({"width": width, "height": max(900, min(whole, 6000))})
        page.wait_for_timeout(300)
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def has_cookie(page: Page) -> None:
    """Wait until the browser has fetched its cookie, which takes a moment after signing in."""
    expect(page.get_by_role("button", name="Afmelden", exact=True)).to_be_visible()
    for _ in range(100):
        if any(cookie["name"] == "cno_sign_in" for cookie in page.context.cookies()):
            return
        page.wait_for_timeout(50)
    raise AssertionError("no cookie came")
