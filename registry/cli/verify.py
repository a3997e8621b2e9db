"""`registry verify`: check a badge with nothing but a file and the issuer's keys."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import click
import httpx2

from badges.endorsements.rules import panel_keys as own_keys
from badges.keys import TrustedKeys, UnusableKey, did_for, read_did_document
from badges.reading import LARGEST_FILE
from badges.verify import Report, verify_badge

PATIENCE: Final = 20.0
"""Seconds to wait for an answer, where something is fetched at all."""

MARKS: Final = {"passed": "yes", "failed": "NO", "unknown": "?"}


@click.command()
@click.argument("badge")
@click.option("--issuer", help="The DID to believe; with an address, that of its host.")
@click.option(
    "--keys",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The issuer's DID document (did.json). Without it, it is fetched from the host.",
)
@click.option(
    "--status-list",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The status list that the badge names, JSON or token.",
)
@click.option(
    "--panel-keys",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="The DID document of a panel that endorsed it, from the panel itself. Repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(
    badge: str,
    issuer: str | None,
    keys: Path | None,
    status_list: Path | None,
    panel_keys: Sequence[Path],
    *,
    as_json: bool,
) -> None:
    """Check BADGE, a file (JSON, JWT, PNG or SVG) or the address of one.

    A file is checked offline: give the keys and the status list as files too. Of an address,
    what is missing is fetched from its own host and from nowhere else: a panel's keys, too, as
    the register has them on record, unless you give them as the panel itself shows them.
    """
    online = badge.startswith(("https://", "http://"))
    content = _fetch(badge) if online else _read(Path(badge))
    document = _did_document(badge if online else None, keys)
    trusted = issuer or (did_for(badge) if online else str(document.get("id", "")))
    panels = [_parsed(each.read_bytes()) for each in panel_keys]
    if online and not panels:
        panels = _panels_on_record(badge)
    believed = {**_keys_of(panels), **_believed(document)}
    listed = status_list.read_bytes() if status_list else None
    report = _report(content, trusted, believed, listed)
    if listed is None and online and report.badge is not None:
        address = report.badge.credential_status.status_list_credential
        if urlsplit(address).netloc == urlsplit(badge).netloc:
            report = _report(content, trusted, believed, _fetch(address))
    _tell(report, as_json=as_json)
    sys.exit(0 if report.accepted else 1)


def _report(content: bytes, issuer: str, keys: TrustedKeys, status_list: bytes | None) -> Report:
    return verify_badge(
        content, issuer=issuer, keys=keys, at=datetime.now(UTC), status_list=status_list
    )


def _did_document(address: str | None, keys: Path | None) -> dict[str, Any]:
    if keys is not None:
        content = keys.read_bytes()
    elif address is not None:
        parts = urlsplit(address)
        content = _fetch(f"{parts.scheme}://{parts.netloc}/.well-known/did.json")
    else:
        raise click.UsageError("Give the issuer's keys with --keys: a file proves nothing alone.")
    return _parsed(content)


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except ValueError as unreadable:
        raise click.ClickException("The keys are not a DID document.") from unreadable
    if not isinstance(document, dict):
        raise click.ClickException("The keys are not a DID document.")
    return document


def _panels_on_record(address: str) -> list[dict[str, Any]]:
    """Return the DID documents of panels that the host of `address` has on record."""
    parts = urlsplit(address)
    listed = _parsed(_fetch(f"{parts.scheme}://{parts.netloc}/credentials/endorsers"))
    return [panel["document"] for panel in listed.get("panels", [])]


def _keys_of(panels: Sequence[Mapping[str, Any]]) -> TrustedKeys:
    try:
        return {name: key for panel in panels for name, key in own_keys(panel).items()}
    except UnusableKey as unusable:
        raise click.ClickException(f"A panel's keys: {unusable}") from unusable


def _believed(document: dict[str, Any]) -> TrustedKeys:
    try:
        return read_did_document(document)
    except UnusableKey as unusable:
        raise click.ClickException(str(unusable)) from unusable


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as missing:
        raise click.ClickException(f"{path} cannot be read.") from missing


def _fetch(address: str) -> bytes:
    try:
        answer = httpx2.get(
            address, timeout=PATIENCE, headers={"accept": "application/vc, application/json"}
        )
    except httpx2.HTTPError as failure:
        raise click.ClickException(f"{address} did not answer.") from failure
    if not answer.is_success:
        raise click.ClickException(f"{address} answered {answer.status_code}.")
    return answer.content


def _tell(report: Report, *, as_json: bool) -> None:
    if as_json:
        checks = [
            {"name": check.name, "outcome": check.outcome, "sentence": check.sentence}
            for check in report.checks
        ]
        click.echo(json.dumps({"accepted": report.accepted, "checks": checks}, indent=2))
        return
    for check in report.checks:
        click.echo(f"{MARKS[check.outcome]:>3}  {check.name}: {check.sentence}")
    click.echo("This badge is good." if report.accepted else "Do not rely on this badge.")
