"""Public pages as bytes, and what ends them."""

from datetime import timedelta

from charter.clock import SetClock
from registry.web.page_cache import FRESH_FOR, PageCache, PublicPage, etag_of, matches
from tests.world import START


def a_page(clock: SetClock, body: bytes = b"words", holds: timedelta | None = None) -> PublicPage:
    until = clock.at + holds if holds else None
    return PublicPage(body, b"text/html", etag_of(body), clock.at, until)


def kept(cache: PageCache, clock: SetClock, key: bytes = b"/a") -> bool:
    page = a_page(clock)
    return cache.keep(key, page, organisations=("harbour-lights",), ticket=cache.ticket())


def test_a_kept_page_is_found_until_its_organisation_changes() -> None:
    clock = SetClock(START)
    cache = PageCache(clock.now)
    assert kept(cache, clock)
    cache.forget(["another-one"])
    assert cache.find(b"/a")
    cache.forget(["harbour-lights"])
    assert cache.find(b"/a") is None


def test_a_page_that_names_an_organisation_twice_ends_with_it_once() -> None:
    clock = SetClock(START)
    cache = PageCache(clock.now)
    owners = ("harbour-lights", "mill-road", "harbour-lights")
    cache.keep(b"/a", a_page(clock), organisations=owners, ticket=cache.ticket())
    cache.forget(["harbour-lights", "mill-road"])
    assert cache.find(b"/a") is None


def test_a_page_of_the_whole_register_ends_with_any_change() -> None:
    clock = SetClock(START)
    cache = PageCache(clock.now)
    cache.keep(b"/", a_page(clock), organisations=(PageCache.REGISTER,), ticket=cache.ticket())
    cache.forget(["harbour-lights"])
    assert cache.find(b"/") is None


def test_a_page_made_from_facts_older_than_a_change_is_not_kept() -> None:
    clock = SetClock(START)
    cache = PageCache(clock.now)
    ticket = cache.ticket()
    cache.forget(["harbour-lights"])
    for owners in (("harbour-lights",), (PageCache.REGISTER,)):
        assert not cache.keep(b"/a", a_page(clock), organisations=owners, ticket=ticket)
    assert cache.keep(b"/b", a_page(clock), organisations=("another-one",), ticket=ticket)
    cache.forget_everything()
    assert not cache.keep(b"/b", a_page(clock), organisations=("another-one",), ticket=ticket)


def test_without_word_from_the_database_a_page_is_made_again_within_five_seconds() -> None:
    clock = SetClock(START)
    cache = PageCache(clock.now)
    kept(cache, clock)
    clock.set(clock.at + FRESH_FOR)
    assert cache.find(b"/a") is None


def test_with_word_from_the_database_a_page_holds_on() -> None:
    clock = SetClock(START)
    cache = PageCache(clock.now)
    kept(cache, clock)
    for _second in range(60):
        clock.set(clock.at + timedelta(seconds=1))
        cache.confirm_fresh(clock.at)
        assert cache.find(b"/a")


def test_a_page_ends_at_the_instant_its_answer_may_change() -> None:
    clock = SetClock(START)
    cache = PageCache(clock.now)
    page = a_page(clock, holds=timedelta(seconds=3))
    cache.keep(b"/a", page, organisations=(), ticket=cache.ticket())
    assert page.cache_control(clock.at) == b"public, max-age=3"
    clock.set(clock.at + timedelta(seconds=3))
    assert cache.find(b"/a") is None
    assert page.cache_control(clock.at) == b"public, max-age=0"


def test_the_page_asked_for_longest_ago_goes_first() -> None:
    clock = SetClock(START)
    cache = PageCache(clock.now, most_bytes=12)
    for key in (b"/a", b"/b"):
        kept(cache, clock, key)
    assert cache.find(b"/a")
    kept(cache, clock, b"/c")
    assert cache.find(b"/b") is None
    assert cache.find(b"/a")
    assert cache.find(b"/c")


def test_tags_match_weak_strong_and_any() -> None:
    tag = etag_of(b"words")
    assert matches(tag, tag)
    assert matches(b'"x", W/' + tag, tag)
    assert matches(b"*", tag)
    assert not matches(b'"x"', tag)
    assert not matches(b"", tag)
