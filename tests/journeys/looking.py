"""Looking at a page as somebody who needs it to be accessible: with axe-core, on two screens."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, Response, ViewportSize

from tests.world import the_pack

PHONE: ViewportSize = {"width": 320, "height": 640}
"""The narrowest screen that everything must work on: WCAG 2.2, success criterion 1.4.10."""

DESK: ViewportSize = {"width": 1280, "height": 800}

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

RUN = """tags => axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})
    .then(results => results.violations)"""
"""Only what is wrong comes back: the rest of axe's answer is a megabyte for each page."""

_ONE_OF_MANY = re.compile("|".join((r"[0-9a-f]{8}-[0-9a-f-]{27}", r"\d+", *the_pack().type_ids)))
"""Parts of an address that pages of one kind differ in: ids, numbers, types of racism."""


@dataclass
class Look:
    """What has been looked at, and what was wrong. A kind of page is looked at once."""

    axe: Axe = field(default_factory=Axe)
    seen: set[tuple[str, str, int]] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    async def at(self, page: Page, came: Response) -> None:
        """Look at the page that came, on a phone and on a desk; write down what is wrong."""
        path = urlsplit(page.url).path
        kind = (came.request.method, _ONE_OF_MANY.sub("*", path), came.status)
        if kind in self.seen:
            return
        self.seen.add(kind)
        await page.evaluate(self.axe.axe_script)
        for screen in (DESK, PHONE):
            await page.set_viewport_size(screen)
            found = await page.evaluate(RUN, RULES)
            self.wrong += [told(page, screen["width"], each) for each in found]
        width = await page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            self.wrong.append(f"{page.url} at 320: scrolls sideways, {width} wide")


def told(page: Page, width: int, violation: dict[str, Any]) -> str:
    """Return a violation in one line: where, what, and the first element."""
    nodes = violation["nodes"]
    return f"{page.url} at {width}: {violation['id']}, {len(nodes)} times: {nodes[0]['html'][:300]}"
