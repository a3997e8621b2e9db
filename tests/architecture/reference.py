"""Writes those tables of the documents that the code tells. `make docs` runs it.

A document holds a block between `<!-- table: NAME -->` and `<!-- end of table -->`. What stands
in a block is never written by hand; a test holds every block against the code.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from importlib import import_module
from itertools import chain
from pathlib import Path
from pkgutil import walk_packages
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import click
from msgspec.structs import fields

import badges
import charter
import registry
from charter.errors import CharterError, RuleViolation
from charter.framework.pack import FrameworkPack, load_pack
from charter.history.kinds import KINDS
from charter.standing.rules import ROWS
from charter.standing.words import DOWNWARDS, IN_WORDS, Standing
from registry.bootstrap import PACKS
from registry.cli import main
from registry.rounds.table import ROUNDS, Round
from registry.settings import Settings
from registry.web.guards import own_matrix
from registry.web.learning.payloads import CelebrationsPayload, NotesPayload, ResourcesPayload
from registry.web.problems import STATUS_OF
from registry.web.proof.payloads import BadgePayload
from registry.web.public.api_description import PledgesPayload, ProblemPayload
from registry.web.public.how_decided import describe_machine
from registry.web.public.lateness import LatePayload
from registry.web.public.network import NetworkPayload, NetworksPayload
from registry.web.public.payloads import (
    EventsPayload,
    OrganisationDetailPayload,
    OrganisationsPayload,
    Payload,
    StandingPayload,
    StatisticsPayload,
)
from registry.web.routes import HANDLERS
from workers.main import SCHEDULE

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
BLOCK = re.compile(r"(<!-- table: ([a-z-]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)
PARAMETER = re.compile(r"(?<=\w):[a-z]+(?=})")
"""The type in a path parameter such as `{slug:str}`; readers need only its name."""

Cells = Iterable[Sequence[str]]


def documents() -> list[Path]:
    """Return every document, the ones at the top of the repository too."""
    return sorted([*REPOSITORY.glob("*.md"), *DOCS.glob("*.md")])


def rewritten(text: str) -> str:
    """Return `text` with every block as the code tells it now. Raises KeyError."""
    return BLOCK.sub(lambda block: f"{block[1]}\n{TABLES[block[2]]()}\n\n{block[3]}", text)


def pack() -> FrameworkPack:
    """Return the framework pack that a registry has where nothing is set."""
    return load_pack(PACKS / str(Settings.model_fields["pack"].default))


def command_names() -> list[str]:
    """Return every command with its groups, such as `registry keys rotate`."""
    return [name for name, _ in _commands(main, "registry")]


def error_classes() -> list[type[CharterError]]:
    """Return every refusal that has a code of its own, in every package, by its code."""
    for package in (charter, badges, registry):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    own = ("badges.", "charter.", "registry.")
    found = {
        error
        for error in _below(CharterError)
        if error.__module__.startswith(own) and "code" in vars(error)
    }
    return sorted(found, key=lambda error: (error.code, error.__module__, error.__name__))


def _table(heads: Sequence[str], rows: Cells) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _code(words: Iterable[object]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _standings() -> str:
    told = {row["standing"]: row["meaning"] for row in describe_machine(pack())["standings"]}
    rows = (
        [
            f"`{standing}`",
            IN_WORDS[standing],
            told[standing],
            "yes" if standing in DOWNWARDS else "no",
        ]
        for standing in Standing
    )
    return _table(["standing", "on the page", "what it means", "a downgrade"], rows)


def _transitions() -> str:
    told = describe_machine(pack())["rows"]
    rows = (
        (str(row.number), _code(words["from"]) or "not public", f"`{row.to}`", words["when"])
        for row, words in zip(ROWS, told, strict=True)
    )
    return _table(["row", "from", "to", "when"], dict.fromkeys(rows))


def _ladders() -> str:
    rows = (
        [ladder["name"], f"{step['offset']:+d}", step["title"], _what_it_does(step)]
        for ladder in describe_machine(pack())["ladders"]
        for step in ladder["steps"]
    )
    return _table(["ladder", "day", "step", "what it does"], rows)


def _what_it_does(step: Mapping[str, object]) -> str:
    said = [
        "public" if step["public"] else "",
        "never skipped" if step["consequence"] else "",
        f"to `{step['moves_to']}`" if step["moves_to"] else "",
    ]
    return ", ".join(word for word in said if word) or "reminds"


def _addresses() -> str:
    matrix = own_matrix()
    rows = sorted(
        [
            f"`{PARAMETER.sub('', path)}`",
            ", ".join(sorted(handler.http_methods)),
            _code(sorted(matrix[name].roles)),
            summary,
        ]
        for handler in HANDLERS
        for path in handler.paths
        for name, summary in [_told_of(handler.fn)]
    )
    return _table(["address", "method", "who", "what it does"], rows)


def _told_of(handler: Callable[..., object]) -> tuple[str, str]:
    name = f"{handler.__module__}.{handler.__name__}".removeprefix("registry.web.")
    return name, _first_sentence(handler.__doc__)


def _first_sentence(docstring: str | None) -> str:
    paragraph = (docstring or "").strip().split("\n\n")[0]
    return " ".join(paragraph.split()).replace("|", "\\|")


def _events() -> str:
    rows = (
        [
            f"`{kind.kind}`",
            kind.sentence,
            _code(kind.facts) or "none",
            "day" if kind.discreet else "instant",
        ]
        for kind in sorted(KINDS.values(), key=lambda kind: kind.kind)
    )
    return _table(["kind", "sentence", "facts", "shown to the"], rows)


def _errors() -> str:
    rows = (
        [f"`{error.code}`", _status(error), _rule(error), _first_sentence(error.__doc__)]
        for error in error_classes()
    )
    return _table(["code", "status", "rule", "when"], rows)


def _status(error: type[CharterError]) -> str:
    found = (int(status) for kind, status in STATUS_OF if issubclass(error, kind))
    return str(next(found, 400))


def _rule(error: type[CharterError]) -> str:
    rule = error.rule if issubclass(error, RuleViolation) else None
    return "" if rule is None else str(rule)


def _below(kind: type[CharterError]) -> Iterator[type[CharterError]]:
    yield kind
    yield from chain.from_iterable(_below(lower) for lower in kind.__subclasses__())


def _command_table() -> str:
    rows = (
        [f"`{name}`", _code(_options(command)) or "none", _first_sentence(command.help)]
        for name, command in _commands(main, "registry")
    )
    return _table(["command", "takes", "what it does"], rows)


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command)
    for word in command.list_commands(context):
        found = command.get_command(context, word)
        if found is not None:
            yield from _commands(found, f"{name} {word}")


def _options(command: click.Command) -> list[str]:
    return [
        max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name
        for param in command.params
    ]


def _shapes() -> str:
    return "\n\n".join(_shape(payload) for payload in _with_parts(ANSWERS))


def _shape(payload: type[Payload]) -> str:
    told = _first_sentence(payload.__doc__)
    hints = get_type_hints(payload)
    rows = (
        [f"`{member.encode_name}`", _in_words(hints[member.name])] for member in fields(payload)
    )
    return f"### {_name(payload)}\n\n{told}\n\n{_table(['member', 'is'], rows)}"


def _with_parts(payloads: Iterable[type[Payload]]) -> list[type[Payload]]:
    found: dict[type[Payload], None] = {}
    for payload in payloads:
        found.setdefault(payload)
        parts = (part for hint in get_type_hints(payload).values() for part in _parts(hint))
        for part in _with_parts(parts):
            found.setdefault(part)
    return list(found)


def _parts(hint: Any) -> Iterator[type[Payload]]:
    if isinstance(hint, type) and not get_args(hint) and issubclass(hint, Payload):
        yield hint
    for inner in get_args(hint):
        yield from _parts(inner)


def _in_words(hint: Any) -> str:
    inner = get_args(hint)
    if get_origin(hint) is list:
        return f"list of {_in_words(inner[0])}"
    if get_origin(hint) is dict:
        return f"object of {_in_words(inner[1])}"
    if inner:
        return " or ".join(_in_words(part) for part in inner)
    return PLAIN[hint] if hint in PLAIN else f"[{_name(hint)}](#{_name(hint).lower()})"


def _name(payload: type[Payload]) -> str:
    return payload.__name__.removesuffix("Payload")


def _rounds() -> str:
    return _table(["round", "when"], ([f"`{row.name}`", _when(row)] for row in ROUNDS))


def _when(row: Round) -> str:
    if row.every is not None:
        return f"every {row.every.total_seconds() / 60:.0f} minutes".replace(
            " 1 minutes", " minute"
        )
    return f"daily at {row.at:%H:%M}"


def _schedule() -> str:
    rows = (
        [
            f"`{look.name}`",
            f"every {look.every} s",
            f"{look.at_most} s",
            _first_sentence(look.job.__doc__),
        ]
        for look in SCHEDULE
    )
    return _table(["job", "looks", "stopped after", "what it does"], rows)


PLAIN: Mapping[object, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    date: "date",
    datetime: "instant",
    NoneType: "null",
}
"""What a member is, in the words of docs/api.md."""

ANSWERS: Sequence[type[Payload]] = (
    OrganisationsPayload,
    OrganisationDetailPayload,
    StandingPayload,
    PledgesPayload,
    EventsPayload,
    LatePayload,
    StatisticsPayload,
    BadgePayload,
    NotesPayload,
    ResourcesPayload,
    CelebrationsPayload,
    NetworksPayload,
    NetworkPayload,
    ProblemPayload,
)
"""What the JSON addresses answer; the parts of each are found from these."""

TABLES: Mapping[str, Callable[[], str]] = {
    "standings": _standings,
    "transitions": _transitions,
    "ladders": _ladders,
    "addresses": _addresses,
    "events": _events,
    "errors": _errors,
    "commands": _command_table,
    "shapes": _shapes,
    "rounds": _rounds,
    "schedule": _schedule,
}
"""The name of each block, and who writes it."""


def write_all() -> None:
    """Write every block of every document anew."""
    for document in documents():
        text = document.read_text(encoding="utf-8")
        if BLOCK.search(text):
            document.write_text(rewritten(text), encoding="utf-8")


if __name__ == "__main__":
    write_all()
