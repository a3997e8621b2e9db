"""Pictures: codes that scan, words that can be read, and no standing told by colour alone."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import get_args
from xml.etree import ElementTree as ET

import pypdfium2  # type: ignore[import-untyped]  # it has no types
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from badges.pictures.badge import PictureFacts, draw_badge
from badges.pictures.embed import Embedded, html_snippet, markdown_snippet
from badges.pictures.lettering import estimate_width, shortened
from badges.pictures.live import LiveFacts, LiveSize, draw_live, draw_unknown
from badges.pictures.look import LEAST_CONTRAST, LOOKS, UNKNOWN, contrast
from badges.pictures.qr import (
    QUIET_ZONE,
    AddressTooLong,
    assess_print_size,
    qr_matrix,
    qr_path,
    qr_png,
    qr_svg,
)
from badges.pictures.typeset import (
    POSTER,
    SHEETS,
    PrintedFor,
    draw_certificate,
    draw_png,
    draw_poster,
)
from charter.standing.words import Standing
from tests.badges.samples import CODE, ISSUER

ADDRESS = ISSUER.badge_url(CODE)
SIZES: tuple[LiveSize, ...] = get_args(LiveSize)
SVG = "{http://www.w3.org/2000/svg}"

LIVE = LiveFacts(
    organisation="Harbour Lights Theatre",
    charter="Anti-Racism Charter",
    standing=Standing.ON_TRACK,
    checked_on=date(2026, 11, 22),
    address=ADDRESS,
)
SHOWN = PictureFacts(
    organisation="Harbour Lights Theatre",
    charter="Anti-Racism Charter",
    signed_on=date(2025, 3, 3),
    address=ADDRESS,
    code=CODE,
)


def decoded(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def by_path(matrix_path: str, side: int) -> Image.Image:
    """Draw the runs of a path by our own hand, eight pixels a module."""
    picture = Image.new("L", (side * 8, side * 8), 255)
    for run in re.finditer(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", matrix_path):
        x, y, length, back = map(int, run.groups())
        assert length == back
        picture.paste(0, (x * 8, y * 8, (x + length) * 8, (y + 1) * 8))
    return picture


def test_the_png_leads_to_the_badge_and_has_its_quiet_zone() -> None:
    picture = opened(qr_png(ADDRESS, scale=4))
    assert decoded(picture) == [ADDRESS]
    assert picture.size == (164, 164)
    margin = QUIET_ZONE * 4
    for box in ((0, 0, 164, margin), (0, 0, margin, 164), (164 - margin, 0, 164, 164)):
        assert picture.crop(box).convert("L").getextrema() == (255, 255)


def test_the_svg_path_draws_the_same_modules() -> None:
    matrix = qr_matrix(ADDRESS)
    assert decoded(by_path(qr_path(matrix), len(matrix))) == [ADDRESS]


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-./", min_size=1, max_size=60))
def test_every_code_leads_where_it_should(rest: str) -> None:
    address = f"https://{rest}"
    matrix = qr_matrix(address)
    assert decoded(by_path(qr_path(matrix), len(matrix))) == [address]


def test_the_code_reads_through_blur_and_a_patch_over_a_fifth_of_its_side() -> None:
    picture = opened(qr_png(ADDRESS, scale=8))
    assert decoded(picture.filter(ImageFilter.GaussianBlur(3))) == [ADDRESS]
    side = picture.width - 2 * QUIET_ZONE * 8
    patch = side // 5
    middle = (picture.width - patch) // 2
    picture.paste((255, 255, 255), (middle, middle, middle + patch, middle + patch))
    assert decoded(picture) == [ADDRESS]


@pytest.mark.parametrize(
    ("origin", "version", "least_mm"),
    [
        ("http://127.0.0.1:8400", 4, 20.5),
        ("https://charter.example", 4, 20.5),
        ("https://anti-racism-charter.seaham-docks.gov.uk", 5, 22.5),
    ],
)
def test_the_size_to_print_follows_from_the_host(
    origin: str,
    version: int,
    least_mm: float,
) -> None:
    size = assess_print_size(f"{origin}/b/{CODE}")
    assert (size.version, size.least_mm) == (version, least_mm)
    assert size.advised_mm >= max(25, size.least_mm)


def test_a_host_that_would_make_codes_too_fine_is_refused() -> None:
    longest = "https://" + "a" * 60
    assert assess_print_size(f"{longest}/b/{CODE}/abcd").version == 7
    with pytest.raises(AddressTooLong):
        assess_print_size(f"{longest}.example/b/{CODE}/abcd")


def test_each_standing_has_its_own_word_and_bad_news_is_never_green() -> None:
    words = [look.word for look in LOOKS.values()]
    assert len(set(words)) == len(Standing)
    green = LOOKS[Standing.ON_TRACK].ground
    assert [standing for standing, look in LOOKS.items() if look.ground == green] == ["on-track"]
    ours = {(look.ground, look.shape) for look in LOOKS.values()}
    assert (LOOKS[Standing.SUSPENDED].ground, LOOKS[Standing.SUSPENDED].shape) in ours
    assert LOOKS[Standing.SUSPENDED].shape != LOOKS[Standing.NOT_REPORTING].shape


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#777777") == pytest.approx(4.48, abs=0.01)


def grounds_and_inks(svg: str) -> Iterator[tuple[str, str]]:
    """Pair every piece of text and every shape with the last ground painted beneath it."""
    painted: list[tuple[float, float, float, float, str]] = []
    for element in ET.fromstring(svg):  # noqa: S314 - our own picture
        at = element.attrib
        if element.tag == f"{SVG}rect" and at["fill"] != "none":
            left, top = float(at.get("x", 0)), float(at.get("y", 0))
            corner = left + float(at["width"]), top + float(at["height"])
            painted.append((left, top, *corner, at["fill"]))
        elif element.tag == f"{SVG}text":
            yield beneath(painted, float(at["x"]), float(at["y"])), at["fill"]
        elif element.tag == f"{SVG}path":
            x, y, *_ = map(float, re.findall(r"[\d.]+", at["transform"]))
            yield beneath(painted, x, y), at["stroke"] if at["fill"] == "none" else at["fill"]


def beneath(painted: list[tuple[float, float, float, float, str]], x: float, y: float) -> str:
    return next(
        colour
        for left, top, right, bottom, colour in reversed(painted)
        if left <= x <= right and top <= y <= bottom
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("standing", Standing)
def test_everything_in_the_live_picture_can_be_read(standing: Standing, size: LiveSize) -> None:
    pairs = list(grounds_and_inks(draw_live(replace(LIVE, standing=standing), size)))
    assert len(pairs) >= 3
    for ground, ink in pairs:
        assert contrast(ground.ljust(7, ground[-1]), ink) >= LEAST_CONTRAST


@pytest.mark.parametrize("size", SIZES)
def test_the_live_picture_says_in_words_what_it_shows(size: LiveSize) -> None:
    root = ET.fromstring(draw_live(LIVE, size))  # noqa: S314 - our own picture
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    expected = "Anti-Racism Charter: Harbour Lights Theatre - on track, checked 22 Nov 2026"
    assert title.text == expected
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert ADDRESS in (description.text or "")
    assert "on track" in "".join(text.text or "" for text in root.iter(f"{SVG}text"))


@pytest.mark.parametrize("size", SIZES)
def test_the_live_picture_reaches_for_nothing_outside_and_runs_nothing(size: LiveSize) -> None:
    svg = draw_live(replace(LIVE, organisation='<script>"Lights" & Co</script>'), size)
    assert not re.search(r"<script|href|url\(|var\(|@import|<style|on\w+=", svg)
    root = ET.fromstring(svg)  # noqa: S314 - our own picture
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"


@given(st.text(min_size=1, max_size=200), st.sampled_from(SIZES))
def test_no_name_is_too_long_for_the_picture(name: str, size: LiveSize) -> None:
    printable = "".join(c for c in name if c.isprintable()) or "x"
    drawn = draw_live(replace(LIVE, organisation=printable), size)
    root = ET.fromstring(drawn)  # noqa: S314  # drawn by us
    width = float(root.attrib["width"])
    for text in root.iter(f"{SVG}text"):
        length, x = float(text.attrib["textLength"]), float(text.attrib["x"])
        left = x - length / 2 if text.get("text-anchor") == "middle" else x
        assert left >= 0
        assert left + length <= width


def test_the_live_plate_scans_on_a_white_ground() -> None:
    assert decoded(opened(draw_png(draw_live(LIVE, "plate")))) == [ADDRESS]


def test_a_code_that_nobody_holds_has_a_picture_that_says_so() -> None:
    svg = draw_unknown(date(2026, 11, 22))
    assert UNKNOWN.word in svg
    for ground, ink in grounds_and_inks(svg):
        assert contrast(ground, ink) >= LEAST_CONTRAST


def test_the_badge_to_keep_scans_and_states_no_standing() -> None:
    svg = draw_badge(SHOWN)
    assert decoded(opened(draw_png(svg))) == [ADDRESS]
    assert not [look.word for look in LOOKS.values() if look.word in svg]
    assert "Harbour Lights Theatre" in svg


def printed_for(kind: str, label: str = "Front door") -> PrintedFor:
    return PrintedFor(kind=kind, label=label, code="4kx2", printed_on=date(2026, 11, 22))


def certificate(facts: PictureFacts) -> bytes:
    return draw_certificate(
        facts, version="1.0", issuer=ISSUER.name, edition=3, printed_on=date(2026, 11, 22)
    )


LONG = replace(
    SHOWN, organisation="Seaham Docks and District Association of Harbour Communities " * 3
)
PRINTED: dict[str, Callable[[PictureFacts], bytes]] = {
    "poster": draw_poster,
    "door": lambda facts: draw_poster(facts, place=printed_for("door", "x" * 100)),
    "van": lambda facts: draw_poster(facts, place=printed_for("van", "W" * 100)),
    "lanyard": lambda facts: draw_poster(facts, place=printed_for("lanyard", "Harbour " * 12)),
    "certificate": certificate,
}


@pytest.mark.parametrize("facts", [SHOWN, LONG], ids=["short name", "long name"])
@pytest.mark.parametrize("kind", PRINTED)
def test_everything_printed_is_one_page_that_scans_at_150_dots_per_inch(
    kind: str, facts: PictureFacts
) -> None:
    document = pypdfium2.PdfDocument(PRINTED[kind](facts))
    assert len(document) == 1
    assert decoded(document[0].render(scale=150 / 72).to_pil()) == [ADDRESS]
    words = " ".join(document[0].get_textpage().get_text_bounded().split())
    assert f"charter.example/b/{CODE}" in words.replace(" ", "")
    assert "no racism" in words
    assert not [look.word for look in LOOKS.values() if look.word in words]


@pytest.mark.parametrize("kind", PRINTED)
def test_everything_printed_is_tagged_for_screen_readers(kind: str) -> None:
    content = PRINTED[kind](SHOWN)
    assert pypdfium2.PdfDocument(content).is_tagged()
    assert b"pdfuaid" in content


@pytest.mark.parametrize("kind", ["door", "van", "lanyard"])
def test_a_printed_copy_says_which_place_it_is_for_and_since_when(kind: str) -> None:
    page = pypdfium2.PdfDocument(draw_poster(SHOWN, place=printed_for(kind)))[0]
    words = " ".join(page.get_textpage().get_text_bounded().split())
    assert "Front door. Place code 4KX2, printed 22 November 2026." in words


def test_what_hangs_further_away_has_a_larger_code() -> None:
    assert SHEETS["lanyard"].qr_mm < POSTER.qr_mm < SHEETS["van"].qr_mm


def test_the_qr_picture_has_its_title() -> None:
    svg = qr_svg(ADDRESS, "Badge of Harbour Lights & Co")
    title = ET.fromstring(svg).find(f"{SVG}title")  # noqa: S314 - our own picture
    assert title is not None
    assert title.text == "Badge of Harbour Lights & Co"


@pytest.mark.parametrize("size", SIZES)
def test_the_snippets_embed_the_live_picture_and_state_no_standing(size: LiveSize) -> None:
    name = 'Harbour "Lights" [arts] & <Co>'
    embedded = Embedded(
        address=ADDRESS, organisation=name, charter="Anti-Racism Charter", size=size, place="4kx2"
    )
    html = html_snippet(embedded)
    image = ET.fromstring(html.replace(' loading="lazy">', "/>"))[0]  # noqa: S314 - our own
    assert image.get("src") == f"{ADDRESS}/live.svg?size={size}"
    assert image.get("alt") == f"Anti-Racism Charter: check how {name} stands today"
    drawn = ET.fromstring(draw_live(LIVE, size))  # noqa: S314 - our own picture
    assert image.get("height") == drawn.get("height")
    assert image.get("width", drawn.get("width")) == drawn.get("width")
    assert html.startswith(f'<a href="{ADDRESS}/4kx2">')
    markdown = markdown_snippet(embedded)
    assert markdown.endswith(f"]({ADDRESS}/live.svg?size={size})]({ADDRESS}/4kx2)")
    assert "\\[arts\\]" in markdown


def test_letters_of_other_scripts_are_given_their_width() -> None:
    assert estimate_width("海港之光", 10) == 40
    assert estimate_width("e\u0301", 10) == estimate_width("e", 10)
    assert shortened("Harbour Lights", 10, 40) == "Harbo…"
