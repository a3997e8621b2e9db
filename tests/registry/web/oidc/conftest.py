"""Two providers on loopback, and a registry that takes people from both."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from pydantic import SecretStr

from charter.clock import SetClock
from registry.bootstrap import Registry, bootstrap
from registry.setting_values import SignInProvider
from registry.settings import Settings
from tests.registry.web.conftest import SECRET
from tests.registry.web.oidc.loopback_provider import LoopbackProvider, running


@dataclass(frozen=True)
class Providers:
    """The college's, and one that may be anybody's."""

    college: LoopbackProvider
    stranger: LoopbackProvider


@pytest.fixture
async def providers(clock: SetClock) -> AsyncIterator[Providers]:
    """Run both for one test."""
    async with AsyncExitStack() as stack:
        yield Providers(
            await stack.enter_async_context(running("college", clock)),
            await stack.enter_async_context(running("stranger", clock)),
        )


@pytest.fixture
def registry(clock: SetClock, database: str, providers: Providers) -> Registry:
    """Build what a running process holds, with both providers in its settings."""
    settings = Settings(
        environment="development",
        database_url=database,
        secret=SecretStr(SECRET),
        oidc_providers=tuple(
            SignInProvider(
                id=each.name,
                name=f"The {each.name}",
                issuer=each.issuer,
                client_id=each.client_id,
                client_secret=SecretStr(each.client_secret),
            )
            for each in (providers.college, providers.stranger)
        ),
    )
    return bootstrap(settings, clock=clock)
