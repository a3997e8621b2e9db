"""Commands of proof: keys and their drill, signing at once, verifying offline, auditing the log."""

import asyncio
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from click.testing import CliRunner, Result
from pydantic import SecretStr

from badges.endorsements.service import confirm_panel, hand_in_endorsement, propose_panel
from badges.log.export import export_log
from badges.log.note import read_vkey
from charter.clock import SetClock
from registry.bootstrap import bootstrap
from registry.cli import main
from registry.cli.witness import KEPT_KEYS, keys_first_seen
from registry.database import open_database
from registry.embedded import Services
from registry.proofs.issuer import issuer_of
from registry.proofs.key_folder import CHECKPOINT_FILE, KEYS_FILE
from registry.settings import Settings
from tests.badges.log.logs import ORIGIN, LogWorld
from tests.charter.acting import published
from tests.world import World

SECRET = "a secret of the tests, long enough to derive keys from"

PANEL_URL = "https://panel.example"
PANEL_NAME = "Seaham panel"


@dataclass
class Desk:
    """A database, a folder of keys, and the command line on both."""

    url: str
    folder: Path
    environment: Mapping[str, str]

    def run(self, *words: str, ends: int = 0) -> Result:
        """Run a command, which must end with `ends`."""
        told = CliRunner().invoke(main, words, env=self.environment)
        assert told.exit_code == ends, (told.output, told.exception)
        return told

    def told(self, *words: str) -> Any:
        """Run a command with --json and return what it says."""
        return json.loads(self.run(*words, "--json").stdout)

    def keys(self, state: str) -> dict[str, str]:
        """Return the names of the keys in a state, by kind."""
        rows = self.told("keys", "list")["keys"]
        return {row["kind"]: row["name"] for row in rows if row["state"] == state}

    def fetch(self, statement: str) -> list[Any]:
        """Return the rows of a statement."""

        async def ask() -> list[Any]:
            connection = await asyncpg.connect(self.url)
            try:
                return [dict(row) for row in await connection.fetch(statement)]
            finally:
                await connection.close()

        return asyncio.run(ask())

    def save(self) -> dict[str, Path]:
        """Write what a stranger can download to files: the badge, the keys, the status list."""
        [edition] = self.fetch("SELECT credential, jwt FROM edition ORDER BY n DESC LIMIT 1")
        [listed] = self.fetch("SELECT credential FROM status_list")
        [did] = self.fetch("SELECT content FROM issuer_document WHERE name = 'did.json'")
        found = {
            "badge.json": edition["credential"],
            "badge.jwt": edition["jwt"].encode(),
            "list.json": listed["credential"],
            "did.json": did["content"],
        }
        for name, content in found.items():
            (self.folder / name).write_bytes(content)
        return {name: self.folder / name for name in found}


@pytest.fixture
def desk(database_url: str, services: Services, tmp_path: Path) -> Desk:
    """Lend a database of the test's own, in which Harbour Lights has published its plan."""
    environment = {
        "REGISTRY_ENVIRONMENT": "development",
        "REGISTRY_DATABASE_URL": database_url,
        "REGISTRY_REDIS_URL": services.redis_url,
        "REGISTRY_DATA_DIR": str(tmp_path),
        "REGISTRY_SECRET": SECRET,
    }
    settings = Settings(environment="development", secret=SecretStr(SECRET))

    async def play() -> None:
        world = World(clock=SetClock(datetime.now(UTC)))
        world.scheme = bootstrap(settings, clock=world.clock).scheme
        async with open_database(database_url):
            await published(world)

    asyncio.run(play())
    return Desk(database_url, tmp_path, environment)


def verify_offline(desk: Desk, files: Mapping[str, Path], badge: str, *, ends: int) -> str:
    words = ("--keys", str(files["did.json"]), "--status-list", str(files["list.json"]))
    return desk.run("verify", str(files[badge]), *words, ends=ends).output


def test_a_badge_is_issued_and_verified_offline_from_files_alone(desk: Desk) -> None:
    desk.run("keys", "rotate")
    assert desk.told("issue-badges")["badges"] == 1
    assert desk.told("issue-badges") == {"badges": 0, "entries": 0}
    files = desk.save()
    for badge in ("badge.json", "badge.jwt"):
        assert "This badge is good" in verify_offline(desk, files, badge, ends=0)
    alone = desk.run("verify", str(files["badge.json"]), ends=2)
    assert "a file proves nothing alone" in alone.output
    without_list = desk.run(
        "verify", str(files["badge.json"]), "--keys", str(files["did.json"]), ends=1
    )
    assert "look it up at" in without_list.output
    touched = files["badge.json"].read_bytes().replace(b"Harbour", b"Another")
    files["badge.json"].write_bytes(touched)
    assert "Do not rely" in verify_offline(desk, files, "badge.json", ends=1)


def test_old_keys_are_believed_beside_the_new_ones_and_the_log_knows_every_change(
    desk: Desk,
) -> None:
    desk.run("keys", "rotate")
    desk.run("issue-badges")
    old, before = desk.keys("signing"), desk.save()
    digests = [hashlib.sha256(before["did.json"].read_bytes()).hexdigest()]
    desk.run("keys", "rotate")
    assert desk.keys("retired") == old
    assert not set(desk.keys("signing").values()) & set(old.values())
    after = desk.save()
    digests.append(hashlib.sha256(after["did.json"].read_bytes()).hexdigest())
    listed = {
        method.partition("#")[2]
        for method in json.loads(after["did.json"].read_bytes())["assertionMethod"]
    }
    assert listed == {*old.values(), *desk.keys("signing").values()}
    assert "This badge is good" in verify_offline(desk, after, "badge.json", ends=0)
    desk.run("issue-badges")
    told = desk.fetch(
        "SELECT data->>'change' AS change, data->>'did_digest' AS digest FROM event"
        " JOIN log_leaf ON event_id = event.id WHERE kind = 'key-changed' ORDER BY event.id"
    )
    assert [row["digest"] for row in told if row["change"] != "log"] == digests


@pytest.mark.parametrize("stolen", ["ed25519", "rsa"])
def test_the_drill_of_a_stolen_key(desk: Desk, stolen: str) -> None:
    desk.run("keys", "rotate")
    desk.run("issue-badges")
    thief = desk.keys("signing")[stolen]
    before = desk.save()
    old = {badge: before[badge].read_bytes() for badge in ("badge.json", "badge.jwt")}
    since = (datetime.now(UTC) - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%S")
    told = desk.run("keys", "revoke", thief, "--since", since)
    assert "signed again: 1." in told.output
    assert desk.keys("revoked")[stolen] == thief
    assert desk.told("issue-badges")["badges"] == 1
    files = desk.save()
    assert thief not in files["did.json"].read_text()
    for badge, signed_by_both in old.items():
        assert "This badge is good" in verify_offline(desk, files, badge, ends=0)
        files[badge].write_bytes(signed_by_both)
        assert "Do not rely" in verify_offline(desk, files, badge, ends=1)
    unknown = desk.run("keys", "revoke", "nobody", "--since", since, ends=1)
    assert "no key named nobody" in unknown.output


def test_a_key_stolen_today_leaves_what_it_signed_before(desk: Desk) -> None:
    desk.run("keys", "rotate")
    desk.run("issue-badges")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%d")
    told = desk.run("keys", "revoke", desk.keys("signing")["ed25519"], "--since", tomorrow)
    assert "signed again: 0." in told.output


def test_a_database_put_back_from_a_backup_is_not_signed_and_it_is_said_why(
    desk: Desk, owner_url: str
) -> None:
    desk.run("keys", "rotate")
    desk.run("issue-badges")
    remembered = (desk.folder / "keys" / CHECKPOINT_FILE).read_text()
    assert (desk.folder / "keys" / KEYS_FILE).exists()

    async def restore() -> None:
        connection = await asyncpg.connect(owner_url)
        try:
            await connection.execute("SET session_replication_role = replica")
            await connection.execute("DELETE FROM log_checkpoint; DELETE FROM log_leaf")
            await connection.execute("DELETE FROM log_node")
            await connection.execute("DELETE FROM event WHERE id > 3")
        finally:
            await connection.close()

    asyncio.run(restore())
    refused = desk.run("issue-badges", ends=1)
    assert "looks like a database restored from a backup" in refused.output
    assert (desk.folder / "keys" / CHECKPOINT_FILE).read_text() == remembered


def recorded(desk: Desk, document: str, content: bytes) -> None:
    """Have two stewards record the panel's key, and hand in what it sealed."""
    settings = Settings(environment="development", secret=SecretStr(SECRET))
    scheme, issuer = bootstrap(settings).scheme, issuer_of(settings)
    office: dict[str, Any] = {"scheme": scheme, "issuer": issuer}
    office["steward_employer_domain"] = "hub.example"

    async def act() -> None:
        async with open_database(desk.url):
            number = await propose_panel(
                steward=uuid4(), name=PANEL_NAME, url=PANEL_URL, document=document, **office
            )
            await confirm_panel(steward=uuid4(), number=number, **office)
            await hand_in_endorsement(scheme, content=content, issuer=issuer)

    asyncio.run(act())


def test_a_panel_writes_its_word_by_itself_and_a_stranger_checks_it_from_files(
    desk: Desk, tmp_path: Path
) -> None:
    desk.run("keys", "rotate")
    desk.run("issue-badges")
    page = json.loads(desk.save()["badge.json"].read_bytes())["credentialSubject"]["id"]
    own = ("--key", str(tmp_path / "panel.pem"))
    document = desk.run("endorse", "key", *own, "--url", PANEL_URL).stdout
    assert desk.run("endorse", "key", *own, "--url", PANEL_URL).stdout == document
    said = desk.run(
        "endorse", "write", page, "We were heard.", *own, "--url", PANEL_URL, "--name", PANEL_NAME
    )

    recorded(desk, document, said.stdout.encode())
    assert desk.told("issue-badges")["badges"] == 1

    files = desk.save()
    assert "are not at hand" in verify_offline(desk, files, "badge.json", ends=1)
    panel = tmp_path / "panel.json"
    panel.write_text(document)
    known = (
        *("--keys", str(files["did.json"])),
        *("--status-list", str(files["list.json"])),
        *("--panel-keys", str(panel)),
    )
    for badge in ("badge.json", "badge.jwt"):
        told = desk.run("verify", str(files[badge]), *known).output
        assert f"yes  endorsed: {PANEL_NAME} stands behind it" in told
    other = desk.run(
        "endorse", "key", "--key", str(tmp_path / "other.pem"), "--url", PANEL_URL
    ).stdout
    panel.write_text(other)
    refused = desk.run("verify", str(files["badge.json"]), *known, ends=1).output
    assert "NO  endorsed" in refused


def test_what_cannot_be_sealed_is_refused_in_words(desk: Desk, tmp_path: Path) -> None:
    own = ("--key", str(tmp_path / "panel.pem"))
    unkeyed = desk.run(
        "endorse",
        "write",
        "https://x.example",
        "Yes",
        *own,
        "--url",
        PANEL_URL,
        "--name",
        PANEL_NAME,
        ends=1,
    )
    assert "registry endorse key" in unkeyed.output
    assert "has no host" in desk.run("endorse", "key", *own, "--url", "panel", ends=1).output
    desk.run("endorse", "key", *own, "--url", PANEL_URL)
    odd = desk.run(
        "endorse",
        "write",
        "no address",
        "Yes",
        *own,
        "--url",
        PANEL_URL,
        "--name",
        PANEL_NAME,
        ends=1,
    )
    assert "could not be signed" in odd.output
    empty = tmp_path / "empty.json"
    empty.write_text("{}")
    assert "Strict readers" in desk.run("endorse", "take-back", str(empty), *own, ends=1).output


@pytest.fixture
def published_log(database_url: str, tmp_path: Path) -> Path:
    """Export a small log, cosigned by a witness, into a folder."""

    async def export() -> None:
        world = LogWorld(tmp_path)
        async with open_database(database_url):
            await world.append(300)
            await world.sign_and_cosign()
            await export_log(
                tmp_path / "log", keys=world.log.keys, witnesses=[world.witness.verifier]
            )

    asyncio.run(export())
    return tmp_path / "log"


def audit(*words: str, ends: int) -> str:
    told = CliRunner().invoke(main, ["log", "audit", *words])
    assert told.exit_code == ends, (told.output, told.exception)
    return told.output


def test_a_log_is_audited_by_its_folder_and_by_its_address(published_log: Path) -> None:
    key = (published_log / "vkey").read_text().strip()
    witness = (published_log / "witness-vkeys").read_text().strip()
    kept = published_log.parent / "kept"
    kept.write_bytes((published_log / "checkpoint").read_bytes())
    trust = ("--key", key, "--witness", witness, "--quorum", "1", "--kept", str(kept))
    assert "The log is good" in audit(str(published_log), *trust, ends=0)
    with serving(published_log) as address:
        found = json.loads(audit(address, *trust, "--json", ends=0))
    assert (found["good"], found["entries"], list(found["cosigned"])) == (
        True,
        300,
        ["lanterns.example/witness"],
    )


def test_a_spoilt_log_is_not_good(published_log: Path) -> None:
    bundle = published_log / "tile" / "entries" / "000"
    raw = bytearray(bundle.read_bytes())
    raw[100] ^= 1
    bundle.write_bytes(bytes(raw))
    assert "NOT good" in audit(str(published_log), ends=1)
    (published_log / "checkpoint").unlink()
    assert "does not have checkpoint" in audit(str(published_log), ends=1)


def test_a_witness_keeps_the_key_that_it_first_saw(published_log: Path, tmp_path: Path) -> None:
    key = (published_log / "vkey").read_text().strip()
    (published_log / "vkey").rename(published_log / "not-yet")
    store = tmp_path / "witness"
    with serving(published_log) as address:
        later = threading.Timer(0.5, (published_log / "not-yet").rename, [published_log / "vkey"])
        later.start()
        begun = time.monotonic()
        assert keys_first_seen(store, f"{address}/vkey") == [key]
        assert time.monotonic() - begun > 0.4
        (published_log / "vkey").write_text("another\n")
        assert keys_first_seen(store, f"{address}/vkey") == [key]
    assert read_vkey((store / KEPT_KEYS).read_text().strip()).name == ORIGIN


def test_a_witness_tells_its_key_and_asks_for_the_log_s(tmp_path: Path) -> None:
    words = ["witness", "--name", "lanterns.example/witness", "--data-dir", str(tmp_path)]
    keys = {CliRunner().invoke(main, [*words, "--show-key"]).output.strip() for _ in range(2)}
    assert [read_vkey(key).name for key in keys] == ["lanterns.example/witness"]
    refused = CliRunner().invoke(main, words)
    assert refused.exit_code == 2
    assert "--log-at" in refused.output


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Keep the tests' output clean."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback, and yield the address."""
    handler: Callable[..., Any] = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
