"""Puts real addresses in the place of the stand-ins, and runs what stands in."""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from pydantic import BaseModel, SecretStr

from registry.embedded import Services, embedded_services
from registry.settings import PREFIX, STAND_INS, Settings, variable

EMBEDDED_SERVERS = ("database_url", "redis_url")

OWNERS_OWN = "database_owner_url"
"""The setting that is never handed down."""


@contextmanager
def running_services(settings: Settings) -> Iterator[Settings]:
    """Run the servers that no setting names; yield settings in which every address is real.

    Mail and scanner keep their stand-ins, which need no server. A secret is drawn where none is
    set, and kept, so that people stay signed in over a restart.
    """
    folder = settings.data_dir.resolve()
    standing_in = {name for name in STAND_INS if getattr(settings, name) == STAND_INS[name]}
    servers = (
        embedded_services(folder / "services")
        if standing_in.intersection(EMBEDDED_SERVERS)
        else nullcontext(Services(settings.owner_url, settings.database_url, settings.redis_url))
    )
    with servers as running:
        real = {
            "database_url": running.database_url,
            "redis_url": running.redis_url,
            "files_url": f"file://{folder / 'files'}",
        }
        chosen: dict[str, object] = {name: url for name, url in real.items() if name in standing_in}
        if "database_url" in standing_in:
            chosen[OWNERS_OWN] = running.owner_url
        if not settings.secret.get_secret_value():
            chosen["secret"] = SecretStr(_kept_secret(folder / "secret"))
        yield settings.model_copy(update=chosen)


def as_environment(settings: Settings) -> dict[str, str]:
    """Return the variables that give another process the same settings, secrets included.

    No process that serves or works is told how to become the owner of the tables.
    """
    written = {
        name: _written(getattr(settings, name))
        for name in Settings.model_fields
        if name != OWNERS_OWN and getattr(settings, name) is not None
    }
    return {variable(name): words for name, words in written.items() if words}


def environment_around(settings: Settings) -> dict[str, str]:
    """Return this process's environment in which the registry's own variables say `settings`."""
    others = {name: words for name, words in os.environ.items() if not name.startswith(PREFIX)}
    return others | as_environment(settings)


def hand_down(settings: Settings) -> None:
    """Make the environment say `settings`, for this process and those it starts."""
    around = environment_around(settings)
    os.environ.clear()
    os.environ.update(around)


def _written(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, tuple):
        return json.dumps([_plain(item) for item in value]) if value else ""
    return str(value)


def _plain(item: object) -> object:
    if isinstance(item, BaseModel):
        return {name: _written(value) for name, value in item}
    return item


def _kept_secret(path: Path) -> str:
    """Return the secret kept in `path`, which only we may read; draw it the first time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as kept:
        drawn = secrets.token_urlsafe(48)
        kept.write(drawn)
    return drawn
