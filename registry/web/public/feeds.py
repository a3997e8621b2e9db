"""Atom feeds of events. An entry's id carries the event's own number, so it never changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlsplit

from feedgenerator import Atom1Feed

from registry.web.public.listing import Site
from registry.web.public.payloads import EventPayload

ATOM = "application/atom+xml; charset=utf-8"
LENGTH = 50
"""Events on one page of a feed."""

FIRST_YEAR = 2026


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page of a feed: its title, its address with filters, the page of people it belongs to.

    `before` is the event before which this page of the feed begins; None for the newest.
    """

    title: str
    address: str
    page: str
    before: int | None = None

    def before_event(self, event: int | None) -> str:
        """Return the address of the page of this feed that begins before `event`."""
        if event is None:
            return self.address
        return f"{self.address}{'&' if '?' in self.address else '?'}before={event}"


class PagedFeed(Atom1Feed):  # type: ignore[misc]  # the library has no types
    """An Atom feed in pages (RFC 5005, section 3): each names the first and the next one."""

    def add_root_elements(self, handler: Any) -> None:
        """Write the links to other pages after the feed's own elements."""
        super().add_root_elements(handler)
        for relation, address in self.feed["pages"].items():
            handler.addQuickElement("link", "", {"rel": relation, "href": address})


def write_feed(events: Sequence[EventPayload], feed: FeedPage, site: Site) -> bytes:
    """Return a page of at most LENGTH events, newest first; one event more says there is a next."""
    shown = events[:LENGTH]
    pages = {"first": f"{site.public_url}{feed.address}"}
    if len(events) > LENGTH:
        pages["next"] = f"{site.public_url}{feed.before_event(shown[-1].id)}"
    written = PagedFeed(
        title=feed.title,
        link=f"{site.public_url}{feed.page}",
        description="",
        feed_url=f"{site.public_url}{feed.before_event(feed.before)}",
        feed_guid=f"{site.public_url}{feed.address}",
        author_name="The charter register",
        language="en-GB",
        pages=pages,
    )
    host = urlsplit(site.public_url).hostname or "localhost"
    for event in shown:
        written.add_item(
            title=_title(event),
            link=_place(event, site),
            description=escape(event.summary),
            unique_id=f"tag:{host},{FIRST_YEAR}:event:{event.id}",
            pubdate=event.recorded_at,
            updateddate=event.recorded_at,
            categories=(event.kind,),
        )
    text: str = written.writeString("utf-8")
    return text.encode()


def _title(event: EventPayload) -> str:
    return f"{event.organisation_name}: {event.summary}" if event.organisation else event.summary


def _place(event: EventPayload, site: Site) -> str:
    if event.organisation is None:
        return f"{site.public_url}/api/v1/events?after={event.id - 1}"
    return (
        f"{site.public_url}/organisations/{event.organisation}/history"
        f"?after={event.id - 1}#event-{event.id}"
    )
