"""`registry endorse`: a panel's own word about a badge. Run it on the panel's own computer.

Nothing here opens the register's database or its keys, or sends anything anywhere.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import msgspec

from badges.credentials.endorsement import endorse, take_back
from badges.credentials.model import OddShape, Profile
from badges.endorsements.rules import read_endorsement
from badges.key_file import FileSigner, SigningKey
from badges.keys import PublicKey, UnusableKey, did_document, did_for
from charter.errors import RuleViolation
from registry.proofs.key_folder import start_note_key

KEY_FILE = click.option(
    "--key",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("panel-key.pem"),
    show_default=True,
    help="Where the panel's private key is kept.",
)
ADDRESS = click.option("--url", required=True, help="The panel's web address, https://HOST.")


@click.group("endorse")
def endorse_command() -> None:
    """Write a panel's own word about a badge, sealed with the panel's own key."""


@endorse_command.command("key")
@KEY_FILE
@ADDRESS
def show_key(key: Path, url: str) -> None:
    """Print the panel's did.json, making its key where there is none.

    Show it at URL/.well-known/did.json, and ask the hub to record it.
    """
    did = _did(url)
    public = PublicKey(start_note_key(key).public_key())
    click.echo(json.dumps(did_document(did, [public]), indent=2))


@endorse_command.command("write")
@click.argument("organisation")
@click.argument("comment")
@KEY_FILE
@ADDRESS
@click.option("--name", required=True, help="The panel's name, as the hub has it on record.")
@click.option("--days", default=180, show_default=True, help="How long it stands.")
def write(organisation: str, comment: str, *, key: Path, url: str, name: str, days: int) -> None:
    """Print COMMENT about ORGANISATION, sealed: its page, the id of the badge's credentialSubject.

    Hand it in at /endorsements of the register.
    """
    now = datetime.now(UTC)
    try:
        said = endorse(
            organisation,
            comment,
            panel=Profile(id=_did(url), name=name, url=url.rstrip("/")),
            signer=_signer(key, url),
            at=now,
            until=now + timedelta(days=days),
        )
    except OddShape as odd:
        raise click.ClickException(f"It could not be signed as it reads: {odd}.") from odd
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")


@endorse_command.command("take-back")
@click.argument("endorsement", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@KEY_FILE
def write_taking_back(endorsement: Path, key: Path) -> None:
    """Print what takes ENDORSEMENT, a file, back. Hand it in at /endorsements of the register."""
    try:
        said = read_endorsement(endorsement.read_bytes())
    except RuleViolation as why:
        raise click.ClickException(why.message) from why
    ended = take_back(said, signer=_signer(key, said.issuer.url), at=datetime.now(UTC))
    sys.stdout.buffer.write(msgspec.json.encode(ended) + b"\n")


def _did(url: str) -> str:
    try:
        return did_for(url)
    except ValueError as odd:
        raise click.ClickException("The address has no host. Give it as https://HOST.") from odd


def _signer(path: Path, url: str) -> FileSigner:
    if not path.exists():
        raise click.ClickException(f"There is no key at {path}: run `registry endorse key` first.")
    try:
        private = start_note_key(path)
    except UnusableKey as unusable:
        raise click.ClickException(str(unusable)) from unusable
    return FileSigner(SigningKey(private=private, since=datetime.now(UTC)), _did(url))
