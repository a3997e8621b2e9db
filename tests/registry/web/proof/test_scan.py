"""A camera held at a screen: the page in a real browser, its code read off the screenshot."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import which

import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import Page, Route, async_playwright

from tests.registry.web.proof.proving import Harbour
from tests.registry.web.visitor import Visitor

CHROMIUM = which("chromium") or which("google-chrome") or ""


@pytest.fixture
async def page(visitor: Visitor) -> AsyncIterator[Page]:
    """Open a phone's browser, script off, whose every request the application answers itself."""

    async def answer(route: Route) -> None:
        request = route.request
        answered = await visitor.client.request(request.method, request.url)
        await route.fulfill(
            status=answered.status_code, headers=dict(answered.headers), body=answered.content
        )

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        context = await browser.new_context(
            viewport={"width": 320, "height": 640}, java_script_enabled=False, color_scheme="dark"
        )
        opened = await context.new_page()
        await opened.route("**/*", answer)
        yield opened
        await browser.close()


@pytest.mark.skipif(not Path(CHROMIUM).is_file(), reason="no Chromium on this machine")
async def test_the_code_is_read_from_a_screenshot_and_leads_back(
    page: Page, visitor: Visitor, harbour: Harbour
) -> None:
    code = await harbour.has_badge()
    address = f"http://127.0.0.1:8400/b/{code}"
    await page.goto(address)
    shown = page.locator("img[alt^='QR code']")
    assert await shown.evaluate("image => image.clientWidth") == 164
    picture = Image.open(io.BytesIO(await page.screenshot(full_page=True)))
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [address]
    assert (await visitor.get(f"/b/{code}")).status_code == 200
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
