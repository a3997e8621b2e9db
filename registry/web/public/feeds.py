"""Atom feeds of events. An entry's id carries the event's own number, so it never changes."""

from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

from feedgenerator import Atom1Feed

from registry.web.public.listing import Site
from registry.web.public.payloads import EventPayload

ATOM = "application/atom+xml; charset=utf-8"
LENGTH = 50
FIRST_YEAR = 2026


def write_feed(
    events: Sequence[EventPayload],
    *,
    site: Site,
    title: str,
    path: str,
    page: str,
) -> bytes:
    """Return the feed of `events`, newest first. `path` is its own address, `page` its page's."""
    feed = Atom1Feed(
        title=title,
        link=f"{site.public_url}{page}",
        description="",
        feed_url=f"{site.public_url}{path}",
        feed_guid=f"{site.public_url}{path}",
        author_name="The charter register",
        language="en-GB",
    )
    host = urlsplit(site.public_url).hostname or "localhost"
    for event in events:
        feed.add_item(
            title=_title(event),
            link=_place(event, site),
            description=escape(event.summary),
            unique_id=f"tag:{host},{FIRST_YEAR}:event:{event.id}",
            pubdate=event.recorded_at,
            updateddate=event.recorded_at,
            categories=(event.kind,),
        )
    written: str = feed.writeString("utf-8")
    return written.encode()


def _title(event: EventPayload) -> str:
    return f"{event.organisation_name}: {event.summary}" if event.organisation else event.summary


def _place(event: EventPayload, site: Site) -> str:
    if event.organisation is None:
        return f"{site.public_url}/api/v1/events?after={event.id - 1}"
    return (
        f"{site.public_url}/organisations/{event.organisation}/history"
        f"?after={event.id - 1}#event-{event.id}"
    )
