"""What a demonstration tells whoever started it: where to look, and whom to sign in as."""

from collections.abc import Mapping, Sequence

from registry.demo.cast import Cast

LEADING = "Harbour Lights Theatre"
"""The organisation whose people are named."""

LATE = "Estuary Buses"
"""One that has something to do: its screen shows what is due and what is late."""

HUB: Mapping[str, str] = {
    "Hub steward": "steward@hub.example",
    "Second steward": "second-steward@hub.example",
    "Payment officer": "payment@hub.example",
    "Auditor care": "care@hub.example",
    "Administrator": "head@hub.example",
}
"""Who works at the hub, by role."""


def people(cast: Cast) -> Mapping[str, str]:
    """Return the mail address of one person for every role."""
    scripts = {each.name: each for each in cast.organisation}
    return {
        f"EDI lead of {LEADING}": scripts[LEADING].address("lead"),
        f"Sponsor of {LEADING}": scripts[LEADING].address("sponsor"),
        f"EDI lead of {LATE}, which is late": scripts[LATE].address("lead"),
        "Community auditor": "auditor-1@panel.example",
        **{f"Speaker of {group.name}": group.address for group in cast.group},
        **HUB,
    }


def welcome(address: str, cast: Cast) -> Sequence[str]:
    """Return the lines to print once the region can be seen."""
    roles = people(cast)
    width = max(map(len, roles))
    return (
        "",
        f"The register is at   {address}/",
        f"Its mail arrives at  {address}/inbox",
        f"Sign in at           {address}/sign-in  with one of these addresses.",
        "The 6-digit code comes by mail: read it in the inbox.",
        "",
        *(f"  {role:<{width}}  {mail}" for role, mail in roles.items()),
        "",
        "Everybody and everything here is invented. Stop with Ctrl-C; what was done is kept.",
    )
