"""A demonstration tells where to look, keeps its processes going, and stops with its parent."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges.log.note import Ed25519Signer
from registry.cli import main
from registry.cli.demo import require_same_address
from registry.cli.progress import Progress
from registry.demo.cast import the_cast
from registry.demo.crew import HUB as OFFICES
from registry.demo.household import Resident, command, free_port, is_taken, open_household
from registry.demo.welcome import HUB, people, welcome
from registry.settings import Settings

SLEEPS = Resident("sleeper", ("witness", "--help"))


def until(holds: Callable[[], bool], seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_a_demonstration_is_refused_in_production() -> None:
    refused = CliRunner().invoke(main, ["demo"], env={"REGISTRY_ENVIRONMENT": "production"})
    assert refused.exit_code == 1
    assert "refused in production" in refused.output


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert is_taken("127.0.0.1", port)
        words = ["demo", "--port", str(port), "--data-dir", str(tmp_path)]
        refused = CliRunner().invoke(main, words)
    assert refused.exit_code == 1
    assert f"port {port} is taken" in refused.output
    assert not is_taken("127.0.0.1", free_port())


def test_a_region_stays_at_the_address_it_was_played_at(tmp_path: Path) -> None:
    def at(port: int) -> Settings:
        address = f"http://127.0.0.1:{port}"
        return Settings(environment="demo", data_dir=tmp_path, public_url=address)

    require_same_address(at(8400))
    require_same_address(at(8400))
    with pytest.raises(Exception, match=r"was played at http://127\.0\.0\.1:8400"):
        require_same_address(at(8500))


def test_one_person_of_every_role_is_named() -> None:
    named = people(the_cast())
    assert set(HUB.values()) == set(OFFICES)
    assert named["EDI lead of Harbour Lights Theatre"] == "lead@harbour-lights.example"
    assert named["EDI lead of Estuary Buses, which is late"] == "lead@estuary-buses.example"
    assert len(set(named.values())) == len(named) == 11
    lines = "\n".join(welcome("http://127.0.0.1:8400", the_cast()))
    assert "http://127.0.0.1:8400/inbox" in lines
    assert all(address in lines for address in named.values())


def test_progress_speaks_at_least_every_five_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    seconds = iter(range(1000))
    progress = Progress("Playing", monotonic=lambda: next(seconds))
    for day in range(1, 101):
        progress.tell(day, 100, "a day")
    progress.end()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Playing:   1 %")
    assert lines[-2].startswith("Playing: 100 %")
    assert len(lines) == 27


def test_who_ends_by_itself_is_started_again(tmp_path: Path) -> None:
    with open_household(dict(os.environ), tmp_path) as household:
        household.move_in(SLEEPS)
        assert until(lambda: household.look_after() == ["sleeper"])
    assert "Cosign checkpoints" in household.log_of("sleeper").read_text()


def test_the_household_ends_with_its_parent_however_it_ends(tmp_path: Path) -> None:
    port = free_port()
    script = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from registry.demo.household import Resident, open_household\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "with open_household(dict(os.environ), folder) as household:\n"
        f"    household.move_in(Resident('witness', {witness_words(tmp_path, port)!r}))\n"
        "    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script])  # noqa: S603 - the words above
    try:
        assert until(lambda: is_taken("127.0.0.1", port))
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert until(lambda: not is_taken("127.0.0.1", port))
    finally:
        parent.kill()
        parent.wait()


def witness_words(folder: Path, port: int) -> tuple[str, ...]:
    log_key = Ed25519Signer("demo.example/log", Ed25519PrivateKey.generate()).verifier.vkey
    words = ("witness", "--name", "witness.example", "--data-dir", str(folder / "witness"))
    return (*words, "--log", log_key, "--port", str(port))


def test_a_resident_is_run_by_our_own_interpreter() -> None:
    assert command(SLEEPS)[:3] == [sys.executable, "-m", "registry.cli"]
