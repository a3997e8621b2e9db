"""Pages of a played region, each beside a hello-world that is served in the same way.

Both servers run at once on one core and are called in turn from the other, so a neighbour's load
hits them alike; the figure is the middle one of the ratios of each pass. Nothing of ours is
replaced to go round the page cache: an uncached request asks for an address nobody asked before.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

import msgspec

from registry.cli.reading import usable_settings
from registry.services import environment_around, running_services
from registry.settings import Settings
from tests.bench.figures import Figure, Terms, median
from tests.bench.load import CONNECTIONS, WRK, Load, call
from tests.bench.server import Served, serving

OF_HELLO = 0.75
PROOF_OF_HELLO = 0.9
MOST_P99_MS = 10.0
OF_BARE = 0.7
MOST_MEGABYTES = 150.0
HOT_PAGES = 1_000
SHOWN = "on-track"

FORMS = ("", ".json", ".jsonld", ".atom", "/standing.json", "/history", "/history.json")
"""What an organisation's address may end in."""


@dataclass(frozen=True, slots=True)
class Called:
    """One address under load once: what the caller saw, and what it cost the server."""

    load: Load
    processor_seconds: float

    @property
    def microseconds(self) -> float:
        """Return the server's processor time for one request."""
        return self.processor_seconds / self.load.requests * 1e6

    def speed_beside(self, other: "Called") -> float:
        """Return how many times as fast as `other` this is."""
        if WRK:
            return self.load.per_second / other.load.per_second
        return other.microseconds / self.microseconds


@dataclass(frozen=True, slots=True)
class Asked:
    """A path of a server, whether each request asks for it anew, and what it has to keep."""

    served: Served
    path: str
    fresh: bool = False
    at_least: float | None = None
    most_p99_ms: float | None = None


def measure(terms: Terms) -> Sequence[Figure]:
    """Measure pages and memory of the web process over the region of the terms."""
    with ExitStack() as stack:
        real = stack.enter_context(_services_of(terms.region))
        serve = _Servers(stack, environment_around(real), terms, real.data_dir / "logs")
        hello = serve.start("hello", "/hello")
        ours = serve.start("registry", "/health/live")
        slug, code = _shown(ours)
        megabytes_at_start = ours.resident_megabytes()
        kept = _warm(ours, islice(_addresses(ours), HOT_PAGES))
        badge = partial(Asked, ours, at_least=PROOF_OF_HELLO, most_p99_ms=MOST_P99_MS)
        page = partial(Asked, ours, at_least=OF_HELLO)
        pages = {
            "verification page": badge(f"/b/{code}"),
            "live picture": badge(f"/b/{code}/live.svg"),
            "badge as JSON": page(f"/api/v1/badges/{code}"),
            "organisation page": page(f"/organisations/{slug}"),
        }
        from_bytes = list(_beside("hello-world", Asked(hello, "/hello"), pages, terms))
        megabytes = ours.resident_megabytes()
        beside = serve.start("beside", "/health/live")
        address = f"{slug}/standing.json"
        bare = Asked(beside, f"/bare/{address}", fresh=True)
        standing = {
            "standing, uncached": Asked(
                beside, f"/organisations/{address}", fresh=True, at_least=OF_BARE
            )
        }
        from_rows = list(_beside("the same by bare asyncpg", bare, standing, terms))
    memory = Figure(
        subject=f"web process with {HOT_PAGES:,} hot pages, after load",
        value=megabytes,
        unit="MB",
        at_most=MOST_MEGABYTES,
        note=f"{megabytes_at_start:.0f} MB at its first answer; {kept}",
    )
    return (*from_bytes, *from_rows, memory)


@dataclass(frozen=True, slots=True)
class _Servers:
    """Starts servers that stop with the stack."""

    stack: ExitStack
    environment: Mapping[str, str]
    terms: Terms
    logs: Path

    def start(self, name: str, first: str) -> Served:
        log = self.logs / f"bench-{name}.log"
        return self.stack.enter_context(
            serving(name, self.environment, core=self.terms.cores[0], first=first, log=log)
        )


@contextmanager
def _services_of(region: Path) -> Iterator[Settings]:
    """Run the services of a played region; yield its settings. It is left as it was found."""
    settings = usable_settings(
        environment="demo", data_dir=region, public_url=(region / "address").read_text()
    )
    with running_services(settings) as real:
        yield real


def _shown(served: Served) -> tuple[str, str]:
    """Return the address name and badge code of an organisation with a full page."""
    rows = [row for row in _listed(served) if row["standing"] == SHOWN and row["badge_url"]]
    row = max(rows, key=lambda row: sum(row["results"].values()))
    return row["slug"], row["badge_url"].rpartition("/")[2]


def _listed(served: Served) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = msgspec.json.decode(served.get("/organisations.json"))[
        "organisations"
    ]
    return found


def _addresses(served: Served) -> Iterator[str]:
    """Return addresses without end: every present page, and then pages of past days."""
    rows = _listed(served)
    yield from (f"/organisations/{row['slug']}{form}" for row in rows for form in FORMS)
    codes = [row["badge_url"].rpartition("/")[2] for row in rows if row["badge_url"]]
    yield from chain.from_iterable((f"/b/{code}", f"/api/v1/badges/{code}") for code in codes)
    for number in count(1):
        day = datetime.now(UTC).date() - timedelta(days=number)
        shown = (row["slug"] for row in rows if row["standing_since"] < str(day))
        yield from (f"/organisations/{slug}?as_of={day}" for slug in shown)


def _warm(served: Served, addresses: Iterator[str]) -> str:
    """Ask for every address, and again; return what was kept, in words."""
    asked = list(addresses)
    size, first = _ask(served, asked)
    _, second = _ask(served, asked)
    each = 1000 / len(asked)
    return f"{size / 1e6:.1f} MB of pages, made in {first * each:.1f} ms, kept {second * each:.1f}"


def _ask(served: Served, addresses: Sequence[str]) -> tuple[int, float]:
    begun = time.perf_counter()
    size = sum(len(served.get(address)) for address in addresses)
    return size, time.perf_counter() - begun


def _beside(
    name: str, yardstick: Asked, pages: Mapping[str, Asked], terms: Terms
) -> Iterator[Figure]:
    """Call the yardstick and each page in turn, pass by pass, and compare within each pass."""
    everything = {name: yardstick, **pages}
    for asked in everything.values():
        _call(asked, seconds=1, core=terms.cores[1])
    passes = [
        {
            title: _call(asked, seconds=terms.seconds, core=terms.cores[1])
            for title, asked in everything.items()
        }
        for _ in range(terms.passes)
    ]
    for title, asked in everything.items():
        per_second = median(each[title].load.per_second for each in passes)
        processor = median(each[title].microseconds for each in passes)
        p99 = median(each[title].load.p99_ms for each in passes)
        told = f"{per_second:,.0f}/s, {processor:.0f} µs of processor, p99 {p99:.1f} ms"
        if asked is yardstick:
            yield Figure(subject=f"{name}, the yardstick", value=1.0, note=told)
            continue
        ratio = median(each[title].speed_beside(each[name]) for each in passes)
        yield Figure(
            subject=f"{title} beside {name}", value=ratio, at_least=asked.at_least, note=told
        )
        if asked.most_p99_ms is not None:
            yield Figure(
                subject=f"p99 of {title} over {CONNECTIONS} connections",
                value=p99,
                unit="ms",
                at_most=asked.most_p99_ms,
            )


def _call(asked: Asked, *, seconds: float, core: int) -> Called:
    served = asked.served
    before = served.processor_seconds()
    load = call(served.port, asked.path, seconds=seconds, core=core, fresh=asked.fresh)
    return Called(load, served.processor_seconds() - before)
