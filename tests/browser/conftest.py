"""A real headless Chromium on the pages; skipped, with the reason, where there is none."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "server"))

SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium on this machine (Debian package chromium)")
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(over_http):
    """The address of a server with the pages on fixture answers, which no other module sees."""
    from page_answers import application

    with pytest.MonkeyPatch.context() as patch, over_http(application(patch, [])) as served:
        yield served


@pytest.fixture(scope="session")
def real_address(client, over_http):
    """The address of a server with the whole application over a build of the shipped registers."""
    with over_http(client.application) as address:
        yield address


@pytest.fixture
def visit(chromium, address):
    """Opens a page on fixture answers; a second argument gives the width, a third switches scripts off."""
    yield from visitor(chromium, address)


@pytest.fixture
def visit_real(chromium, real_address):
    """Opens a page of the whole application."""
    yield from visitor(chromium, real_address)


def visitor(chromium, address):
    opened = []

    def open_page(path, width=1280, scripts=True):
        size = {"width": width, "height": 900}
        context = chromium.new_context(viewport=size, java_script_enabled=scripts, base_url=address)
        opened.append(context)
        page = context.new_page()
        page.outside = []
        page.on("request", lambda request: page.outside.append(request.url))
        page.refused = []
        page.on("console", lambda message: page.refused.append(message.text))
        page.answer = page.goto(path)
        return page

    yield open_page
    for context in opened:
        context.close()
