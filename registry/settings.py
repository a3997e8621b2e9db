"""Everything that differs between one installation and another, read once from the environment.

Each setting is an environment variable: `REGISTRY_` and the name in capitals. A secret can be
given as a file instead: the same name and `_FILE`. Outside production an unset service is
replaced by a stand-in that needs nothing installed; production takes none and refuses to start.
"""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from registry.contrast import BORDER, PAGE, TEXT, too_faint
from registry.setting_values import (
    Colour,
    LogWitness,
    Network,
    Origin,
    Port,
    Secret,
    ServiceUrl,
    SignInProvider,
)

PREFIX = "REGISTRY_"

SERVICE_SCHEMES: Mapping[str, tuple[str, ...]] = {
    "database_url": ("postgresql",),
    "redis_url": ("redis", "rediss", "unix"),
    "files_url": ("file", "s3"),
    "mail_url": ("smtp", "smtps", "notify"),
    "scanner_url": ("tcp",),
}
"""What each service's address may begin with in production."""

STAND_INS: Mapping[str, str] = {
    "database_url": "embedded://",
    "redis_url": "embedded://",
    "files_url": "embedded://",
    "mail_url": "outbox://",
    "scanner_url": "builtin://",
}
"""What stands in for an unset service: our own servers, a local folder, the inbox page, and the
checks of type and structure alone."""

FONTS: Mapping[str, str] = {
    "noto-sans": '"Noto Sans", Arial, sans-serif',
    "atkinson-hyperlegible": '"Atkinson Hyperlegible", Arial, sans-serif',
    "system": "Arial, sans-serif",
}
"""The font stacks that a hub can choose from."""

SECRET_CHARACTERS = 32
SECRET_VARIETY = 10
"""A secret's least length, and how many different characters it must have."""


class SettingsRefused(Exception):
    """The settings cannot be used; `problems` has a sentence for each, beside its variable."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("\n".join(f"{name}: {sentence}" for name, sentence in problems.items()))
        self.problems = dict(problems)


class Settings(BaseSettings):
    """The settings of one installation; the descriptions are `docs/settings.md`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, hide_input_in_errors=True
    )

    environment: Annotated[
        Literal["demo", "development", "production"],
        Field(description="What this installation is for. Only production is safe to publish."),
    ] = "production"
    public_url: Annotated[
        Origin, Field(description="The address that people and badges use; https in production.")
    ] = "http://127.0.0.1:8400"
    data_dir: Annotated[
        Path, Field(description="The folder of the stand-ins' data: servers, files and keys.")
    ] = Path("data")

    database_url: Annotated[
        ServiceUrl, Field(description="PostgreSQL 15 or newer: `postgresql://`.")
    ] = STAND_INS["database_url"]
    database_owner_url: Annotated[
        ServiceUrl,
        Field(
            description="The same database as the owner of its tables; for `registry migrate`, "
            "`backup` and `restore` alone. Unset, they use the address above."
        ),
    ] = ""
    database_connections: Annotated[
        int, Field(ge=1, le=200, description="Connections that each process keeps open.")
    ] = 10
    redis_url: Annotated[
        ServiceUrl, Field(description="Valkey or Redis: `redis://`, `rediss://` or `unix://`.")
    ] = STAND_INS["redis_url"]
    files_url: Annotated[
        ServiceUrl, Field(description="Where evidence is kept: `s3://` bucket or `file://` folder.")
    ] = STAND_INS["files_url"]
    mail_url: Annotated[
        ServiceUrl, Field(description="Who delivers mail: `smtp://`, `smtps://` or `notify://`.")
    ] = STAND_INS["mail_url"]
    scanner_url: Annotated[ServiceUrl, Field(description="The virus scanner clamd: `tcp://`.")] = (
        STAND_INS["scanner_url"]
    )

    secret: Annotated[
        SecretStr,
        Secret(),
        Field(description="Signs sessions and forms: 32 characters or more, drawn by chance."),
    ] = SecretStr("")
    signing_key_file: Annotated[
        Path | None, Field(description="The badge-signing key; only the worker may read it.")
    ] = None
    witnesses: Annotated[
        tuple[LogWitness, ...],
        Field(
            description="Witnesses of the public log, as JSON: a list of objects with `address` "
            "and `key`, the line that `registry witness` prints."
        ),
    ] = ()
    oidc_providers: Annotated[
        tuple[SignInProvider, ...],
        Secret(),
        Field(
            description="Sign-in by OpenID Connect, as JSON: a list of objects with `id`, `name`, "
            "`issuer`, `client_id`, `client_secret`. People may always sign in by e-mailed code."
        ),
    ] = ()

    pack: Annotated[
        str, Field(pattern=r"^[a-z0-9-]{2,40}$", description="The framework pack in force.")
    ] = "lcr-2025"
    hub_name: Annotated[
        str, Field(min_length=2, max_length=80, description="The hub's name on pages and in mail.")
    ] = "The charter hub"
    hub_email: Annotated[
        str, Field(description="Where people reach the hub; mail is sent in its name.")
    ] = "hub@charter.example"
    brand_colour: Annotated[
        Colour, Field(description="Ground of the header and of buttons; 3:1 on white at least.")
    ] = "#5b2a86"
    brand_text_colour: Annotated[
        Colour, Field(description="Text on the brand colour; 4.5:1 at least.")
    ] = "#ffffff"
    link_colour: Annotated[Colour, Field(description="Links on a white page; 4.5:1 at least.")] = (
        "#4a1f73"
    )
    font: Annotated[
        Literal["noto-sans", "atkinson-hyperlegible", "system"],
        Field(description="The font of every page; the first two are served from here."),
    ] = "noto-sans"

    web_host: Annotated[str, Field(description="The address that the web process listens on.")] = (
        "127.0.0.1"
    )
    web_port: Annotated[Port, Field(description="The port that the web process listens on.")] = 8400
    web_processes: Annotated[
        int, Field(ge=1, le=64, description="Web processes; one per core serves best.")
    ] = 1
    metrics_host: Annotated[str, Field(description="Where `/metrics` is served.")] = "127.0.0.1"
    metrics_port: Annotated[Port, Field(description="A port for `/metrics`; never publish it.")] = (
        8401
    )
    security_event_days: Annotated[
        int, Field(ge=30, le=3_650, description="Days that security events are kept.")
    ] = 365
    trusted_proxies: Annotated[
        tuple[Network, ...],
        Field(
            description="Addresses or networks of our own proxies, as a JSON list; only these "
            "may say who asks."
        ),
    ] = ()
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="The least that is logged.")
    ] = "info"
    log_format: Annotated[
        Literal["json", "text"], Field(description="`json` for machines, `text` for people.")
    ] = "json"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments first, then variables, then the files that variables name."""
        return init_settings, env_settings, _SecretFiles(settings_cls)

    @property
    def owner_url(self) -> str:
        """The database's address for whoever makes and owns its tables."""
        return self.database_owner_url or self.database_url

    @property
    def in_production(self) -> bool:
        """Whether real people rely on this installation."""
        return self.environment == "production"

    @model_validator(mode="after")
    def _refuse_what_cannot_be_used(self) -> Self:
        checks = (_service_problems, _brand_problems, _production_problems)
        problems = {name: said for check in checks for name, said in check(self).items()}
        if problems:
            raise PydanticCustomError("settings", "several", {"problems": problems})
        return self


class _SecretFiles(EnvSettingsSource):
    """Reads each secret from the file that `REGISTRY_…_FILE` names."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        named = {name: os.environ.get(file_variable(name)) for name in secret_settings()}
        return {
            variable(name).lower(): Path(path).read_text().strip()
            for name, path in named.items()
            if path and os.access(path, os.R_OK)
        }


def load_settings(**given: object) -> Settings:
    """Read the settings from the environment; raise `SettingsRefused` with all that is wrong.

    What is `given`, by the setting's name, stands before the environment.
    """
    problems = _naming_problems(os.environ)
    try:
        settings = Settings(**given)  # type: ignore[arg-type] # validated like any input
    except ValidationError as error:
        raise SettingsRefused(problems | _sentences(error)) from None
    if problems:
        raise SettingsRefused(problems)
    return settings


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + name.upper()


def file_variable(name: str) -> str:
    """Return the environment variable that names a secret's file."""
    return f"{variable(name)}_FILE"


def is_secret(field: FieldInfo) -> bool:
    """Say whether a setting must not be printed."""
    return any(isinstance(mark, Secret) for mark in field.metadata)


def secret_settings() -> list[str]:
    """Return the names of the settings that can be given as files."""
    return [name for name, field in Settings.model_fields.items() if is_secret(field)]


def _naming_problems(environ: Mapping[str, str]) -> dict[str, str]:
    """Find misspelt variables, secrets given twice, and secret files that cannot be read."""
    known = {variable(name) for name in Settings.model_fields}
    files = {file_variable(name): variable(name) for name in secret_settings()}
    problems = {}
    for given in sorted(name for name in environ if name.startswith(PREFIX)):
        if given in files and files[given] in environ:
            problems[given] = f"{files[given]} is set too; keep one of them"
        elif given in files:
            if not os.access(environ[given], os.R_OK):
                problems[given] = "names a file that cannot be read"
        elif given not in known:
            near = get_close_matches(given, known | files.keys(), n=1)
            problems[given] = "is no setting" + (f"; did you mean {near[0]}?" if near else "")
    return problems


def _service_problems(settings: Settings) -> dict[str, str]:
    problems = {}
    for name, schemes in SERVICE_SCHEMES.items():
        url = getattr(settings, name)
        if url != STAND_INS[name] and urlsplit(url).scheme not in schemes:
            allowed = ", ".join(f"{scheme}://" for scheme in schemes)
            problems[variable(name)] = f"must begin with one of: {allowed}"
    owner = settings.database_owner_url
    if owner and urlsplit(owner).scheme not in SERVICE_SCHEMES["database_url"]:
        problems[variable("database_owner_url")] = "must begin with postgresql://"
    return problems


def _brand_problems(settings: Settings) -> dict[str, str]:
    found = {
        "brand_colour": too_faint(settings.brand_colour, PAGE, BORDER),
        "brand_text_colour": too_faint(settings.brand_text_colour, settings.brand_colour, TEXT),
        "link_colour": too_faint(settings.link_colour, PAGE, TEXT),
    }
    return {variable(name): said for name, said in found.items() if said}


def _production_problems(settings: Settings) -> dict[str, str]:
    if not settings.in_production:
        return {}
    unset = (name for name, stand_in in STAND_INS.items() if getattr(settings, name) == stand_in)
    problems = {variable(name): "must be set in production" for name in unset}
    secret = settings.secret.get_secret_value()
    if len(secret) < SECRET_CHARACTERS or len(set(secret)) < SECRET_VARIETY:
        problems[variable("secret")] = (
            f"must have {SECRET_CHARACTERS} characters or more, drawn by chance"
        )
    if not settings.public_url.startswith("https://"):
        problems[variable("public_url")] = "must begin with https:// in production"
    if "hub_email" not in settings.model_fields_set:
        problems[variable("hub_email")] = "must be set in production"
    return problems


def _sentences(error: ValidationError) -> dict[str, str]:
    """Put pydantic's findings beside the variables that they are about."""
    found: dict[str, str] = {}
    for detail in error.errors(include_input=False):
        if detail["type"] == "settings":
            found |= detail["ctx"]["problems"]
        else:
            name, *inside = (str(part) for part in detail["loc"])
            place = f" (in {'.'.join(inside)})" if inside else ""
            found[variable(name)] = detail["msg"] + place
    return found
