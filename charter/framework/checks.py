"""Whether the files of a pack fit together: nothing twice, nothing missing, no link to nowhere."""

import re
from collections.abc import Collection, Iterable, Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from charter.framework.catalogue import WorkedPledge
from charter.framework.files import PackFiles, type_file
from charter.framework.ladders import STANDARD_BAND, UNSTRETCHED
from charter.framework.numbers import PAUSE_REASONS
from charter.framework.reading import BrokenPack
from charter.framework.toml_lines import Path

WORKED_PER_ACTION = 2
"""How many worked pledges every action has."""


def check_files(files: PackFiles) -> None:
    """Raise BrokenPack for the first thing that does not fit."""
    for breaches in (
        _find_wrong_names,
        _find_wrong_counts,
        _find_repetitions,
        _find_loose_links,
        _find_gaps,
        _find_wrong_bands,
        _find_wrong_ladders,
        _find_wrong_clocks,
        _find_wrong_pledges,
        _find_wrong_charters,
    ):
        for breach in breaches(files):
            raise breach


def _refuse(files: PackFiles, file: str, path: Path, reason: str) -> BrokenPack:
    return files.sources[file].refuse(path, reason)


def _find_wrong_names(files: PackFiles) -> Iterator[BrokenPack]:
    """Names that must mean something outside the pack."""
    for name, racism_type in zip(files.framework.types, files.types, strict=True):
        if racism_type.id != name:
            reason = f"this file is the place of {name}"
            yield _refuse(files, type_file(name), ("type", 0, "id"), reason)
    try:
        ZoneInfo(files.framework.zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield _refuse(files, "framework.toml", ("zone",), "no such time zone")
    for index, scheme in enumerate(files.identifiers.schemes):
        try:
            accepted = scheme.accepts(scheme.example)
        except re.error as wrong:
            accepted = False
            path: Path = ("identifier", index, "pattern")
            yield _refuse(files, "identifiers.toml", path, f"not a regular expression: {wrong}")
        if not accepted:
            path = ("identifier", index, "example")
            yield _refuse(files, "identifiers.toml", path, "does not match its own pattern")


def _find_wrong_counts(files: PackFiles) -> Iterator[BrokenPack]:
    """Types with more or fewer entries than framework.toml declares."""
    declared = files.framework.counts
    for name in sorted(declared.keys() ^ set(files.framework.types)):
        yield _refuse(files, "framework.toml", ("counts", name), "one count for each type")
    for racism_type in files.types:
        expected = msgspec.to_builtins(declared[racism_type.id])
        for kind, entries in racism_type.kinds.items():
            if len(entries) != expected[kind]:
                reason = f"{expected[kind]} declared in framework.toml, {len(entries)} found"
                path: Path = ("type", 0, kind)
                yield _refuse(files, type_file(racism_type.id), path, reason)


def _find_repetitions(files: PackFiles) -> Iterator[BrokenPack]:
    """Ids that stand twice where they must tell things apart."""
    region = files.region
    for kind, choices in (
        ("borough", region.boroughs),
        ("sector", region.sectors),
        ("community", region.communities),
        ("form", region.forms),
        ("intersection", region.intersections),
        ("content_note", region.content_notes),
    ):
        ids = (((kind, index, "id"), choice.id) for index, choice in enumerate(choices))
        yield from _repeated(files, "region.toml", ids)
    for file, table, key, names in (
        ("framework.toml", "types", None, files.framework.types),
        ("ladders.toml", "ladder", "name", [ladder.name for ladder in files.ladders]),
        ("obligations.toml", "obligation", "kind", [row.kind for row in files.obligations]),
        ("bands.toml", "band", "id", [band.id for band in files.bands]),
        ("charter.toml", "charter", "version", [each.version for each in files.charters]),
        (
            "identifiers.toml",
            "identifier",
            "scheme",
            [scheme.scheme for scheme in files.identifiers.schemes],
        ),
    ):
        paths = (
            ((table, index, key) if key else (table, index), name)
            for index, name in enumerate(names)
        )
        yield from _repeated(files, file, paths)
    seen: set[str] = set()
    for racism_type in files.types:
        entries = (
            (("type", 0, kind, index, "id"), entry.id)
            for kind, entries in racism_type.kinds.items()
            for index, entry in enumerate(entries)
        )
        yield from _repeated(files, type_file(racism_type.id), entries, seen)


def _repeated(
    files: PackFiles, file: str, named: Iterable[tuple[Path, str]], seen: set[str] | None = None
) -> Iterator[BrokenPack]:
    """Yield a breach for each name already seen; `seen` carries names over several files."""
    seen = set() if seen is None else seen
    for path, name in named:
        if name in seen:
            yield _refuse(files, file, path, f"{name} stands twice")
        seen.add(name)


def _find_loose_links(files: PackFiles) -> Iterator[BrokenPack]:
    """Links that lead nowhere, or from one type into another."""
    homes = {
        (kind, entry.id): racism_type.id
        for racism_type in files.types
        for kind, entries in racism_type.kinds.items()
        for entry in entries
    }
    for index, link in enumerate(files.links):
        ends = [("action", "action", link.action), ("impact", "impact", link.impact)]
        ends += [("challenges", "challenge", each) for each in link.challenges]
        for key, kind, name in ends:
            home = homes.get((kind, name))
            if home is None or home != homes.get(("action", link.action)):
                reason = f"no {kind} {name} of the same type"
                yield _refuse(files, "links.toml", ("link", index, key), reason)
    for file, table, index, pledge in _pledges(files):
        home = homes.get(("action", pledge.action))
        if home is None:
            yield _refuse(files, file, (table, index, "action"), f"no action {pledge.action}")
        elif homes.get(("change", pledge.change)) != home:
            reason = f"no change {pledge.change} of the same type"
            yield _refuse(files, file, (table, index, "change"), reason)
    ready_bands = {band.id for band in files.bands if band.ready_made}
    for index, ready in enumerate(files.ready_made):
        for band in sorted(set(ready.bands) - ready_bands):
            path: Path = ("ready_made", index, "bands")
            reason = f"no band {band} that takes ready-made pledges"
            yield _refuse(files, "pledges-ready-made.toml", path, reason)
    if files.identifiers.own_prefix not in {each.scheme for each in files.identifiers.schemes}:
        yield _refuse(files, "identifiers.toml", ("own_prefix",), "no such scheme below")


def _pledges(files: PackFiles) -> Iterator[tuple[str, str, int, WorkedPledge]]:
    """Every worked and ready-made pledge with its file, table and place."""
    for file, pledges in files.worked.items():
        for index, pledge in enumerate(pledges):
            yield file, "worked", index, pledge
    for index, ready in enumerate(files.ready_made):
        yield "pledges-ready-made.toml", "ready_made", index, ready


def _find_gaps(files: PackFiles) -> Iterator[BrokenPack]:
    """Entries that lack what every one of their kind must have."""
    linked = {link.action for link in files.links} | {link.impact for link in files.links}
    linked |= {challenge for link in files.links for challenge in link.challenges}
    worked = [pledge.action for pledges in files.worked.values() for pledge in pledges]
    for racism_type in files.types:
        file = type_file(racism_type.id)
        for kind in ("impact", "action", "challenge"):
            for index, entry in enumerate(racism_type.kinds[kind]):
                if entry.id not in linked:
                    path: Path = ("type", 0, kind, index, "id")
                    yield _refuse(files, file, path, "not linked in links.toml")
        for index, action in enumerate(racism_type.actions):
            if worked.count(action.id) != WORKED_PER_ACTION:
                reason = f"{worked.count(action.id)} worked pledges instead of {WORKED_PER_ACTION}"
                yield _refuse(files, file, ("type", 0, "action", index, "id"), reason)


def _find_wrong_bands(files: PackFiles) -> Iterator[BrokenPack]:
    """Bands without the standard one, or without a pledge for small bodies to take."""
    if STANDARD_BAND not in {
        band.id for band in files.bands if band.late_step_percent == UNSTRETCHED
    }:
        reason = f"no band {STANDARD_BAND} with late steps of {UNSTRETCHED} percent"
        yield _refuse(files, "bands.toml", ("band",), reason)
    for index, band in enumerate(files.bands):
        ready = {pledge.action for pledge in files.ready_made if band.id in pledge.bands}
        for racism_type in files.types:
            if band.ready_made and not ready & {action.id for action in racism_type.actions}:
                reason = f"no ready-made pledge for {racism_type.id}"
                yield _refuse(files, "bands.toml", ("band", index, "id"), reason)


def _find_wrong_ladders(files: PackFiles) -> Iterator[BrokenPack]:
    """Ladders out of order, obligations without one, numbers that name no step."""
    for index, ladder in enumerate(files.ladders):
        names = [step.name for step in ladder.steps]
        paths = (
            (("ladder", index, "step", place, "name"), name) for place, name in enumerate(names)
        )
        yield from _repeated(files, "ladders.toml", paths)
        for place, (earlier, later) in enumerate(
            zip(ladder.steps, ladder.steps[1:], strict=False), start=1
        ):
            if later.offset <= earlier.offset:
                path: Path = ("ladder", index, "step", place, "offset")
                yield _refuse(files, "ladders.toml", path, "steps go from early to late")
    ladders = {ladder.name: ladder for ladder in files.ladders}
    for index, row in enumerate(files.obligations):
        if row.ladder not in ladders:
            path = ("obligation", index, "ladder")
            yield _refuse(files, "obligations.toml", path, f"no ladder {row.ladder}")
        if row.moves_standing and row.owner != "organisation":
            path = ("obligation", index, "moves_standing")
            reason = "only what an organisation owes moves its standing"
            yield _refuse(files, "obligations.toml", path, reason)
    standing = files.numbers.standing
    for key, steps, moves_to in (
        ("lapse_needs_served", standing.lapse_needs_served, "lapsed"),
        ("suspension_needs_served", standing.suspension_needs_served, "suspended"),
    ):
        for ladder in files.ladders:
            if any(step.moves_to == moves_to for step in ladder.steps):
                missing = set(steps) - {step.name for step in ladder.steps}
                yield from _missing_steps(files, key, ladder.name, missing)


def _find_wrong_clocks(files: PackFiles) -> Iterator[BrokenPack]:
    """Pauses that nothing ends, and levels that fall without the warnings the numbers ask for."""
    for reason in sorted(PAUSE_REASONS ^ files.numbers.pauses.when_over.keys()):
        path: Path = ("pauses", "when_over")
        wrong = f"each reason of a pause stands here once, and no other: {reason}"
        yield _refuse(files, "rules.toml", path, wrong)
    ladders = {ladder.name: ladder for ladder in files.ladders}
    for index, row in enumerate(files.obligations):
        if row.keeps_level is None:
            continue
        warned = tuple(step.offset for step in ladders[row.ladder].steps if step.consequence)
        if row.moves_standing or warned != files.numbers.level.warning_offsets:
            path = ("obligation", index, "keeps_level")
            reason = "its ladder warns at level.warning_offsets, and it moves no standing"
            yield _refuse(files, "obligations.toml", path, reason)


def _missing_steps(
    files: PackFiles, key: str, ladder: str, missing: Collection[str]
) -> Iterator[BrokenPack]:
    for step in sorted(missing):
        path: Path = ("standing", key)
        yield _refuse(files, "rules.toml", path, f"the ladder {ladder} has no step {step}")


def _find_wrong_pledges(files: PackFiles) -> Iterator[BrokenPack]:
    """Milestones out of order or after the pledge's end."""
    for file, table, index, pledge in _pledges(files):
        months = [milestone.month for milestone in pledge.milestones]
        if months != sorted(set(months)) or months[-1] > pledge.months:
            reason = "milestones go from early to late and end with the pledge"
            yield _refuse(files, file, (table, index, "milestones"), reason)


def _find_wrong_charters(files: PackFiles) -> Iterator[BrokenPack]:
    """Charter texts that are not the ones their digests were taken from."""
    for index, charter in enumerate(files.charters):
        if charter.digest != charter.digest_text():
            reason = f"the text below has the digest {charter.digest_text()}"
            yield _refuse(files, "charter.toml", ("charter", index, "digest"), reason)
    for index, (earlier, later) in enumerate(
        zip(files.charters, files.charters[1:], strict=False), start=1
    ):
        if later.published_on <= earlier.published_on:
            path: Path = ("charter", index, "published_on")
            yield _refuse(files, "charter.toml", path, "versions go from old to new")
