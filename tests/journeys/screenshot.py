"""Takes the README's picture: the page of an organisation, in a demonstration that is running.

    make demo                                  # and, beside it:
    python -m tests.journeys.screenshot http://127.0.0.1:8400

It is written to `docs/organisation-page.png`.
"""

import asyncio
import io
import sys
from pathlib import Path

from PIL import Image
from playwright.async_api import ViewportSize, async_playwright

from tests.journeys.chromium import FLAGS, find_chromium

PAGE = "/organisations/harbour-lights-theatre"
TARGET = Path(__file__).parents[2] / "docs" / "organisation-page.png"
SCREEN: ViewportSize = {"width": 1000, "height": 2200}
COLOURS = 128
"""Enough for a page of text; a palette keeps the picture small."""


async def take_picture(address: str) -> bytes:
    """Return the top of the organisation's page as PNG. Raises RuntimeError without Chromium."""
    found = find_chromium()
    if found is None:
        raise RuntimeError("There is no Chromium on this machine.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        page = await browser.new_page(viewport=SCREEN)
        answered = await page.goto(address + PAGE)
        if answered is None or not answered.ok:
            raise RuntimeError(f"{address}{PAGE} does not answer; does the demonstration run?")
        picture = await page.screenshot()
        await browser.close()
    return picture


def as_palette(picture: bytes) -> bytes:
    """Return a PNG with few colours and no loss that an eye sees."""
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    TARGET.write_bytes(as_palette(asyncio.run(take_picture(sys.argv[1].rstrip("/")))))
