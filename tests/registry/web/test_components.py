"""The page components, held to every fixture of the front end they are made for.

The macros are a port of another language's templates, and our environment is stricter than the
one they were written in. So each fixture of the pinned front end is rendered here as our pages
render it, and must come to the same elements, attributes and words.
"""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from registry.web.rendering import environment
from tests.world import the_pack

PACKAGE = Path(__file__).parents[3] / "node_modules" / "govuk-frontend"
COMPONENTS = PACKAGE / "dist" / "govuk" / "components"

FIXTURES = 657
"""In release 6.3.0, all components together."""

pytestmark = pytest.mark.skipif(
    not COMPONENTS.exists(),
    reason="the front end's package is not here: `make assets` fetches it",
)


class Outline(HTMLParser):
    """What a page is made of: tags with their attributes in order of name, and words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple[str, ...]] = []
        self.words = ""
        self.feed(html)
        self.close()
        self._say()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._say()
        named = sorted(f"{name}={' '.join((value or '').split())}" for name, value in attrs)
        self.parts.append((f"<{tag}>", *named))

    def handle_endtag(self, tag: str) -> None:
        self._say()
        self.parts.append((f"</{tag}>",))

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self._say()
        self.parts.append(("<!-- -->", data))

    def _say(self) -> None:
        if words := " ".join(self.words.split()):
            self.parts.append((words,))
        self.words = ""


def fixtures() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every fixture with the name of its component."""
    for path in sorted(COMPONENTS.glob("*/fixtures.json")):
        for fixture in json.loads(path.read_text(encoding="utf-8"))["fixtures"]:
            yield path.parent.name, fixture


def rendered(component: str, options: dict[str, Any]) -> str:
    """Return a component as our pages render it."""
    macro = "govuk" + "".join(word.capitalize() for word in component.split("-"))
    page = (
        f'{{% from "govuk_frontend_jinja/components/{component}/macro.html" import {macro} %}}'
        f"{{{{ {macro}(options) }}}}"
    )
    return environment(the_pack().zone).from_string(page).render(options=options)


def test_every_fixture_of_the_front_end_renders_the_same() -> None:
    different = []
    count = 0
    for component, fixture in fixtures():
        count += 1
        ours = Outline(rendered(component, fixture["options"])).parts
        if ours != Outline(fixture["html"]).parts:
            different.append(f"{component}: {fixture['name']}")
    assert different == []
    assert count == FIXTURES
