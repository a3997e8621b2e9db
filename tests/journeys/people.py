"""Somebody at a browser: opens pages, reads, types, presses. Nothing here knows the application."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import CDPSession, Locator, Page, Response

from tests.journeys.looking import Look
from tests.registry.web.visitor import Typed

_CODE = re.compile(r"\b\d{6}\b")

KINDS = """() => Object.fromEntries(
    [...document.querySelectorAll('[name]')].map(field => [field.name, field.type]))"""


@dataclass
class Person:
    """One person with one page, script off. Each page they come to is looked at."""

    page: Page
    session: CDPSession
    look: Look

    async def go(self, address: str) -> None:
        """Open an address, which must be there."""
        await self._come(await self.page.goto(address))

    async def follow(self, name: str) -> None:
        """Follow the first link with this text in it, also one that looks like a button."""
        await self._press(self.page.locator("a", has_text=name).first)

    async def press(self, name: str) -> None:
        """Press the button with this text."""
        await self._press(self.page.get_by_role("button", name=name).first)

    async def fill(self, typed: Mapping[str, Typed]) -> None:
        """Fill in a form: a text, one choice or several for each field, by its name."""
        kinds: dict[str, str] = await self.page.evaluate(KINDS)
        for name, value in typed.items():
            await self._fill_one(name, kinds[name], value)

    async def attach(self, name: str, file: Path) -> None:
        """Choose a file."""
        await self.page.locator(f'[name="{name}"]').set_input_files(file)

    async def reads(self, words: str) -> bool:
        """Say whether the page says something, wherever it says it."""
        return words in await self.page.locator("body").inner_text()

    async def heading(self) -> str:
        """Return the first heading."""
        return await self.page.locator("h1").first.inner_text()

    async def complaints(self) -> list[str]:
        """Return what the page says is wrong with what was typed."""
        return await self.page.locator(".govuk-error-summary__list li").all_inner_texts()

    async def sign_in(self, email: str, *, going_to: str) -> None:
        """Sign in with the code that is mailed, read off the inbox."""
        await self.go(f"/sign-in?next={going_to}")
        await self.fill({"email": email})
        await self.press("Email me a code")
        await self.fill({"code": await self._mailed_code(email)})
        await self.press("Sign in")

    async def _mailed_code(self, email: str) -> str:
        inbox = await self.page.context.new_page()
        await inbox.goto("/inbox")
        card = inbox.locator("article", has_text=f"To {email},").first
        found = _CODE.search(await card.inner_text())
        await inbox.close()
        assert found is not None, f"no code was mailed to {email}"
        return found[0]

    async def _fill_one(self, name: str, kind: str, value: Typed) -> None:
        field = f'[name="{name}"]'
        values = [value] if isinstance(value, str) else list(value)
        if kind in {"radio", "checkbox"}:
            for each in values:
                await self.page.check(f'{field}[value="{each}"]')
        elif kind == "select-one":
            await self.page.select_option(field, values[0])
        else:
            await self.page.fill(field, values[0])

    async def _press(self, pressed: Locator) -> None:
        async with self.page.expect_navigation() as coming:
            await pressed.click()
        await self._come(await coming.value)

    async def _come(self, response: Response | None) -> None:
        assert response is not None
        assert response.status in {200, 422}, f"{self.page.url} answered {response.status}"
        await self.session.send("Emulation.setScriptExecutionDisabled", {"value": False})
        await self.look.at(self.page, response)
        await self.session.send("Emulation.setScriptExecutionDisabled", {"value": True})
