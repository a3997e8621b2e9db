"""A camera held at everything that is served with a code on it: on screens and on paper."""

import io
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import httpx
import pypdfium2  # type: ignore[import-untyped]  # it has no stubs
import pytest
import zxingcpp
from PIL import Image, ImageFilter
from playwright.async_api import Page, Route, async_playwright

from badges.pictures.qr import QUIET_ZONE
from badges.pictures.typeset import draw_png
from badges.service import add_placement
from badges.tables import Badge
from tests.journeys.chromium import FLAGS, find_chromium
from tests.journeys.looking import PHONE
from tests.registry.web.proof.proving import Harbour
from tests.registry.web.visitor import Visitor

MOST_HTML = 20_000
MOST_IN_ALL = 50_000
"""Bytes of the page a scan leads to: by itself, and with everything a browser fetches for it."""

SIDE = 164
"""Pixels of the code on a screen: four to a module."""


def read(picture: Image.Image) -> list[str]:
    """Read codes as a plain camera does: one in light on dark is none to it."""
    seen = zxingcpp.read_barcodes(picture.convert("L"), try_invert=False)
    return [found.text for found in seen]


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def on_paper(pdf: bytes) -> Image.Image:
    page: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_pil()
    return page


def covered(picture: Image.Image) -> Image.Image:
    """Return the code with a white patch over the middle, a fifth as wide as its modules."""
    modules = picture.width * (1 - 2 * QUIET_ZONE / 41)
    patch = round(modules / 5)
    middle = (picture.width - patch) // 2
    picture.paste((255, 255, 255), (middle, middle, middle + patch, middle + patch))
    return picture


def blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(picture.width / 41 * 0.4))


CAMERAS: dict[str, tuple[str, Callable[[httpx.Response], Image.Image]]] = {
    "PNG": ("qr.png", lambda answer: opened(answer.content)),
    "SVG": ("qr.svg", lambda answer: opened(draw_png(answer.text))),
    "live plate": ("live.svg?size=plate", lambda answer: opened(draw_png(answer.text))),
    "poster": ("poster.pdf", lambda answer: on_paper(answer.content)),
    "certificate": ("certificate.pdf", lambda answer: on_paper(answer.content)),
    "patch": ("qr.png", lambda answer: covered(opened(answer.content))),
    "blur": ("qr.png", lambda answer: blurred(opened(answer.content))),
    "patch and blur": ("qr.svg", lambda answer: blurred(covered(opened(draw_png(answer.text))))),
}
"""What is held before the camera: its address below the badge's, and how it comes to be seen."""


@pytest.mark.parametrize("camera", CAMERAS)
async def test_a_camera_reads_the_short_address(
    visitor: Visitor, harbour: Harbour, camera: str
) -> None:
    code = await harbour.has_badge()
    served, seen = CAMERAS[camera]
    answer = await visitor.get(f"/b/{code}/{served}")
    assert answer.status_code == 200
    assert read(seen(answer)) == [f"{visitor.origin}/b/{code}"]


@pytest.mark.parametrize("kind", ["door", "van", "lanyard"])
async def test_what_is_printed_for_a_place_leads_to_that_place(
    visitor: Visitor, harbour: Harbour, kind: str
) -> None:
    badge = await Badge.objects().get(Badge.code == await harbour.has_badge())
    assert badge is not None
    place = await add_placement(
        harbour.world.scheme, organisation=badge.organisation, label="Stage door", kind=kind
    )
    printed = await visitor.get(f"/b/{badge.code}/poster.pdf?placement={place.code}")
    assert read(on_paper(printed.content)) == [f"{visitor.origin}/b/{badge.code}/{place.code}"]


@dataclass
class Screen:
    """A phone's browser, script off; the application itself answers whatever it asks for."""

    page: Page
    fetched: dict[str, int] = field(default_factory=dict)

    async def picture(self) -> Image.Image:
        """Return what is to be seen on it."""
        return opened(await self.page.screenshot(full_page=True))


@pytest.fixture(params=["light", "dark"])
async def screen(request: pytest.FixtureRequest, visitor: Visitor) -> AsyncIterator[Screen]:
    """Open a phone's browser, in light and in dark. NOT RUN where no Chromium can be had."""
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("NOT RUN: no Chromium here, and npm brought none: no screen was looked at")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        context = await browser.new_context(
            viewport=PHONE, java_script_enabled=False, color_scheme=request.param
        )
        screen = Screen(await context.new_page())

        async def answer(route: Route) -> None:
            asked = route.request
            answered = await visitor.client.request(asked.method, asked.url)
            screen.fetched[asked.url] = len(answered.content)
            await route.fulfill(
                status=answered.status_code, headers=dict(answered.headers), body=answered.content
            )

        await screen.page.route("**/*", answer)
        yield screen
        await browser.close()


async def test_the_code_is_read_from_a_screen_and_the_page_is_small(
    screen: Screen, visitor: Visitor, harbour: Harbour
) -> None:
    address = f"{visitor.origin}/b/{await harbour.has_badge()}"
    await screen.page.goto(address)
    shown = screen.page.locator("img[alt^='QR code']")
    assert await shown.evaluate("image => image.clientWidth") == SIDE
    picture = await screen.picture()
    assert read(picture) == [address]
    assert await screen.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert screen.fetched[address] <= MOST_HTML
    assert sum(screen.fetched.values()) <= MOST_IN_ALL
    assert all(asked.startswith(visitor.origin) for asked in screen.fetched)


@pytest.mark.parametrize("served", ["qr.svg", "qr.png", "live.svg?size=plate"])
async def test_a_picture_on_a_black_page_is_not_inverted(
    screen: Screen, visitor: Visitor, harbour: Harbour, served: str
) -> None:
    address = f"{visitor.origin}/b/{await harbour.has_badge()}"
    await screen.page.set_content(f'<body bgcolor="black"><img src="{address}/{served}">')
    await screen.page.wait_for_function("document.images[0].naturalWidth > 0")
    picture = await screen.picture()
    assert read(picture) == [address]
