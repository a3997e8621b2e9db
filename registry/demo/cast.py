"""Who is in the play and how they behave, read from `cast.toml`. People are roles, not names."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

Worked = Literal["fully", "partly", "not"]
Found = Literal["accepted", "more-needed", "not-accepted"]


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing an organisation does on a day that its habits would not bring.

    `day` counts from its signature. `do` is withdraw, withdraw-pledge, amend-pledge, ask-for-time,
    return, rename or withdraw-agreement.
    """

    day: int
    do: Literal[
        "withdraw",
        "withdraw-pledge",
        "amend-pledge",
        "ask-for-time",
        "return",
        "rename",
        "withdraw-agreement",
    ]
    pledge: int = 0
    days: int = 0
    reason: str = ""
    name: str = ""


class Character(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One organisation: who it is, and its habits.

    `signs` is how many days before the end of the play it applies. `lag` is how many days after
    a due date (before it, where negative) it reports; from day `silent_from` after signing it
    reports no more, until day `speaks_on`. `worked` and `found` are what its reports say and
    what the panels find, in turn. `plan_after` is days from signature to plan; the hub decides who
    the organisation is `decided_after` days.
    """

    name: str
    town: str
    sector: str
    boroughs: tuple[str, ...]
    band: Literal["tiny", "small", "standard"] = "standard"
    scheme: str = "GB-COH"
    identifier: str
    domain: str | None = None
    sponsor_role: str = "Chief executive"
    signs: int
    proof: Literal["domain-mail", "dns-txt", "register", "vouched"] = "domain-mail"
    refused: bool = False
    decided_after: int = 4
    plan_after: int = 40
    lag: int = -6
    silent_from: int | None = None
    speaks_on: int | None = None
    worked: tuple[Worked, ...] = ("fully",)
    found: tuple[Found, ...] = ("accepted",)
    confirmed: bool = True
    reflects: bool = True
    does_not_apply: tuple[str, ...] = ()
    milestones: tuple[int, ...] = (180, 420, 720)
    act: tuple[Act, ...] = ()

    @property
    def key(self) -> str:
        """The short name used in addresses of invented people."""
        return "-".join(self.name.lower().replace("&", "and").split())

    def milestones_of(self, place: int, *, again: bool) -> tuple[int, ...]:
        """Return the days of the milestones of a pledge: every second pledge is a shorter one."""
        if again:
            return self.milestones[:1]
        return self.milestones[: len(self.milestones) - (place % 2 == 0)]

    def address(self, role: str) -> str:
        """Return the invented mail address of somebody in this organisation."""
        return f"{role}@{self.domain or self.key + '.example'}"


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A community group; `registers` is how many days before the end of the play it does.

    `people` is how many of them can be asked to take part in something.
    """

    name: str
    borough: str
    people: int
    registers: int

    @property
    def address(self) -> str:
        """Return the invented mail address of whoever speaks for it."""
        return f"speaker@{'-'.join(self.name.lower().split())}.example"


class Shared(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A resource for the library, proposed `day` days before the end of the play."""

    day: int
    kind: str
    title: str
    owner: str
    link: str
    licence: str
    summary: str
    types: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    sector: str = ""
    borough: str = ""


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something an organisation tells of itself, `day` days before the end of the play.

    `group` is asked to confirm it and does so, where `confirmed`.
    """

    day: int
    organisation: str
    title: str
    text: str
    pledge: int | None = None
    group: str = ""
    confirmed: bool = False


class Promises(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What organisations of a sector pledge: titles of the pack's worked pledges, one per type."""

    sector: str
    titles: tuple[str, ...]


class Endorsed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The word of a panel with a key of its own, `day` days before the end of the play."""

    day: int
    panel: str
    url: str
    organisation: str
    text: str


class Cast(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everybody in the play."""

    days: int
    auditors: int
    organisation: tuple[Character, ...]
    group: tuple[Group, ...] = ()
    resource: tuple[Shared, ...] = ()
    celebration: tuple[Told, ...] = ()
    endorsed: tuple[Endorsed, ...] = ()
    promises: tuple[Promises, ...] = ()

    def titles_of(self, sector: str) -> tuple[str, ...]:
        """Return what organisations of a sector pledge; raises KeyError."""
        return {each.sector: each.titles for each in self.promises}[sector]


@cache
def the_cast() -> Cast:
    """Return the cast that ships with the registry."""
    text = files("registry.demo").joinpath("cast.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Cast)
