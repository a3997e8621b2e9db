"""Counting looks at a badge: what is counted, and how little is kept of whoever looks."""

import pytest

from badges.sightings import Seen, belongs_to
from registry.web.sightings import MOST_KEPT, Sightings, site_named

CODE = "7k3m9x2p4h"


def counted(*looked: tuple[str, bytes | None]) -> list[Seen]:
    sightings = Sightings("charter.example")
    for path, referer in looked:
        headers = [(b"user-agent", b"a phone"), (b"cookie", b"a=b")]
        sightings.note(path, headers + ([(b"referer", referer)] if referer else []))
    return sightings.take()


def test_one_code_typed_in_three_ways_is_one_badge() -> None:
    ways = (CODE, CODE.upper(), f"{CODE[:5]}-{CODE[5:]}")
    assert counted(*((f"/b/{way}", None) for way in ways)) == [Seen(CODE, "", "", 3)]


def test_a_place_is_counted_by_itself_and_no_reader_is_known() -> None:
    seen = counted((f"/b/{CODE}/4kx2", b"https://search.example/?q=my+name"), (f"/b/{CODE}", None))
    assert seen == [Seen(CODE, "4kx2", "", 1), Seen(CODE, "", "", 1)]


def test_of_a_site_that_shows_the_picture_only_the_host_is_kept() -> None:
    page = b"https://Harbour-Lights.example:8443/staff/somebody?id=7"
    assert counted((f"/b/{CODE}/live.svg", page)) == [
        Seen(CODE, "", "harbour-lights.example:8443", 1)
    ]


@pytest.mark.parametrize(
    ("path", "referer"),
    [
        (f"/b/{CODE}/live.svg", None),
        (f"/b/{CODE}/live.svg", b"https://charter.example/b/7k3m9x2p4h"),
        (f"/b/{CODE}/live.svg", b"android-app://com.example"),
        (f"/b/{CODE}.json", None),
        (f"/b/{CODE}/qr.svg", None),
        (f"/b/{CODE}/poster.pdf", None),
        ("/b/0000000001", None),
        (f"/b/{CODE}/zzzzz", None),
    ],
)
def test_files_slips_and_our_own_pages_are_no_looks(path: str, referer: bytes | None) -> None:
    assert counted((path, referer)) == []


def test_a_flood_of_made_up_addresses_takes_no_more_room() -> None:
    sightings = Sightings("charter.example")
    for number in range(MOST_KEPT + 500):
        sightings.note(f"/b/{number}", [])
    sightings.note("/b/0", [])
    assert len(sightings._counted) == MOST_KEPT  # noqa: SLF001 - the room taken is not told otherwise
    assert sightings.take() == []


def test_a_host_that_is_no_host_is_none() -> None:
    for referer in (b"https://" + b"a" * 300 + b"/", b"https://a b/", b"javascript:x", b""):
        assert site_named([(b"referer", referer)]) == ""


def test_a_site_belongs_to_whoever_holds_the_domain_above_it() -> None:
    assert belongs_to("www.harbour.example:8443", "harbour.example", None)
    assert belongs_to("harbour.example", None, "harbour.example")
    assert not belongs_to("notharbour.example", "harbour.example")
    assert not belongs_to("harbour.example.evil.example", "harbour.example")
