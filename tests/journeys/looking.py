"""Looking at a page as somebody who needs it to be accessible: with axe-core, on two screens."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize

PHONE: ViewportSize = {"width": 320, "height": 640}
"""The narrowest screen that everything must work on: WCAG 2.2, success criterion 1.4.10."""

DESK: ViewportSize = {"width": 1280, "height": 800}

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

RUN = """tags => axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})
    .then(results => results.violations)"""
"""Only what is wrong comes back: the rest of axe's answer is a megabyte for each page."""

_CHANGING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


@dataclass
class Look:
    """What has been looked at, and what was wrong. A kind of page is looked at once."""

    axe: Axe = field(default_factory=Axe)
    seen: set[tuple[str, str, str]] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    async def at(self, page: Page) -> None:
        """Look at a page on a phone and on a desk, and write down what is wrong with it."""
        heading = await page.locator("h1").first.inner_text()
        errors = await page.locator(".govuk-error-summary").count()
        kind = (_CHANGING.sub("#", urlsplit(page.url).path), heading, str(bool(errors)))
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
