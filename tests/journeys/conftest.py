"""A served region and a real browser, once for all journeys; people are new for each."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright

from registry.database import open_database
from registry.embedded import Services
from tests.conftest import as_application, new_database
from tests.journeys.acting import Past
from tests.journeys.chromium import FLAGS, find_chromium
from tests.journeys.looking import PHONE, Look
from tests.journeys.people import Person
from tests.journeys.region import Region, served_region
from tests.world import World

PATIENCE = 10_000
"""Milliseconds somebody waits for a page, or looks for what they want to press."""

NewPerson = Callable[[], Awaitable[Person]]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Name a Chromium. NOT RUN where there is none."""
    found = find_chromium()
    if found is None:
        pytest.skip("NOT RUN: no Chromium here, and npm brought none: no page was seen")
    return found


@pytest.fixture(scope="session")
async def region(
    chromium: str,  # noqa: ARG001 - nothing is served where nobody can look
    services: Services,
    migrated_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Region]:
    """Serve a region in which Harbour Lights has lived its story."""
    folder = tmp_path_factory.mktemp("journeys")
    async with (
        new_database(services.owner_url, template=migrated_template) as url,
        served_region(as_application(url), services, folder) as region,
    ):
        yield region


@pytest.fixture(scope="session")
async def browser(chromium: str, region: Region) -> AsyncIterator[Browser]:  # noqa: ARG001 - closed before the region
    """Start Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def world(region: Region) -> AsyncIterator[World]:
    """Open the region's database for use cases, beside the application."""
    async with open_database(region.registry.settings.database_url):
        yield region.world


@pytest.fixture(scope="session")
def look() -> Look:
    """Remember which kinds of page were looked at."""
    return Look()


@pytest.fixture
async def new_person(browser: Browser, region: Region, look: Look) -> AsyncIterator[NewPerson]:
    """Bring as many people as a journey has; afterwards nothing may be wrong with their pages."""
    contexts: list[BrowserContext] = []

    async def come() -> Person:
        context = await browser.new_context(base_url=region.address, viewport=PHONE)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        await session.send("Emulation.setScriptExecutionDisabled", {"value": True})
        return Person(page, session, look)

    look.wrong.clear()
    yield come
    for context in contexts:
        await context.close()
    assert not look.wrong, "\n".join(look.wrong)


@pytest.fixture
async def person(new_person: NewPerson) -> Person:
    """Bring one person."""
    return await new_person()


@pytest.fixture
def past(region: Region, world: World) -> Past:
    """Say what happened before a journey begins; the database is open for it."""
    assert world.scheme is region.registry.scheme
    return Past(region)
