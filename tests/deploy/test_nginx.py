"""The nginx of the deployment, started for real before a web process of the test's own."""

import asyncio
import re
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from registry.demo.household import free_port

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx.conf"
NGINX = Path(shutil.which("nginx") or "/usr/sbin/nginx")
HTTP2_BY_NAME = (1, 25, 1)
"""The first nginx that knows the directive `http2 on`."""

KEPT_FOR = 2.0
"""Seconds that nginx keeps a public page."""

pytestmark = pytest.mark.skipif(
    not NGINX.is_file(), reason="NOT RUN: no nginx here, so its file was only read"
)


@dataclass
class Upstream:
    """A web process of few words: it says how often it was asked, and may be kept as told."""

    port: int
    cache_control: str = "public, max-age=60"
    asked: list[str] = field(default_factory=list)
    server: asyncio.Server | None = None

    async def start(self) -> None:
        """Begin to listen."""
        self.server = await asyncio.start_server(self._answer, "127.0.0.1", self.port)

    async def stop(self) -> None:
        """Be away: new connections are refused."""
        if self.server is not None:
            self.server.close()
            await self.server.wait_closed()
            self.server = None

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.split(b" ", 2)[1].decode())
        body = f"answer {len(self.asked)}".encode()
        lines = (
            "HTTP/1.1 200 OK",
            f"content-length: {len(body)}",
            f"cache-control: {self.cache_control}",
            "content-type: text/plain",
            "connection: close",
        )
        writer.write("\r\n".join((*lines, "", "")).encode() + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()


def certificate(folder: Path) -> None:
    """Write a certificate for this machine, and its key, as nginx looks for them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def version() -> tuple[int, ...]:
    """Return the version of the nginx that is here."""
    said = subprocess.run([NGINX, "-v"], capture_output=True, text=True, check=True).stderr  # noqa: S603  # a fixed command
    found = re.search(r"nginx/([\d.]+)", said)
    assert found is not None, said
    return tuple(int(part) for part in found[1].split("."))


def moved(folder: Path, web: int, plain: int, secure: int) -> str:
    """Return the deployed file with other ports and folders, and nothing else changed."""
    changes = (
        (" /tmp/", f" {folder}/"),  # a folder of the container
        ("server web:8400;", f"server 127.0.0.1:{web};"),
        ("listen 8080;", f"listen 127.0.0.1:{plain};"),
        ("listen 8443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        (" /tls/", f" {folder}/"),
        ("/dev/stderr", f"{folder}/errors"),
        ("/dev/stdout", f"{folder}/access"),
        ("worker_processes auto;", "worker_processes 1; daemon off; user root;"),
    )
    text = CONFIGURATION.read_text()
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return text if version() >= HTTP2_BY_NAME else text.replace("http2 on;", "")


@dataclass
class Front:
    """A running nginx, the web process behind it and a visitor before it."""

    folder: Path
    plain: int
    upstream: Upstream
    visitor: httpx2.AsyncClient

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        """Ask for a page as a visitor would."""
        return await self.visitor.get(path, headers=headers)

    def written(self) -> str:
        """Return everything that nginx has written down."""
        return "".join((self.folder / name).read_text() for name in ("access", "errors"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    certificate(tmp_path)
    return tmp_path


@pytest.fixture
async def front(folder: Path) -> AsyncIterator[Front]:
    upstream, plain, secure = Upstream(free_port()), free_port(), free_port()
    await upstream.start()
    (folder / "nginx.conf").write_text(moved(folder, upstream.port, plain, secure))
    running = await asyncio.create_subprocess_exec(NGINX, "-p", folder, "-c", folder / "nginx.conf")
    trust = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
    try:
        async with httpx2.AsyncClient(
            base_url=f"https://localhost:{secure}", verify=trust
        ) as visitor:
            await until_up(visitor)
            upstream.asked.clear()
            yield Front(folder, plain, upstream, visitor)
    finally:
        running.terminate()
        await running.wait()
        await upstream.stop()


async def until_up(visitor: httpx2.AsyncClient) -> None:
    """Wait until nginx listens; raise after ten seconds."""
    for _ in range(100):
        try:
            await visitor.get("/health/ready")
        except httpx2.ConnectError:
            await asyncio.sleep(0.1)
        else:
            return
    raise TimeoutError("nginx did not come up")


async def test_a_public_page_is_asked_for_once_in_two_seconds(front: Front) -> None:
    answers = [await front.get("/organisations/harbour-lights") for _ in range(5)]
    assert {answer.text for answer in answers} == {"answer 1"}
    assert answers[-1].headers["x-cache"] == "HIT"


async def test_a_page_that_lay_idle_is_never_the_old_one(front: Front) -> None:
    await front.get("/b/AAAAAAAAAA")
    await asyncio.sleep(KEPT_FOR + 1.1)
    later = await front.get("/b/AAAAAAAAAA")
    assert later.text == "answer 2"
    assert later.headers["cache-control"] == "public, max-age=60"


@pytest.mark.parametrize(
    "said", ["no-store", "private, max-age=60", "public, max-age=0", "public, max-age=1"]
)
async def test_what_is_private_or_about_to_end_is_not_kept(front: Front, said: str) -> None:
    front.upstream.cache_control = said
    assert [(await front.get("/late")).text for _ in range(2)] == ["answer 1", "answer 2"]


@pytest.mark.parametrize("cookie", ["session=secret", "a=b; __Host-session=secret"])
async def test_who_is_signed_in_neither_gets_nor_leaves_a_kept_page(
    front: Front, cookie: str
) -> None:
    assert (await front.get("/")).text == "answer 1"
    assert (await front.get("/", cookie=cookie)).text == "answer 2"
    assert (await front.get("/")).text == "answer 1"


async def test_an_old_page_is_better_than_none_and_none_is_said_calmly(front: Front) -> None:
    kept = await front.get("/late")
    await front.upstream.stop()
    await asyncio.sleep(KEPT_FOR + 1.1)
    old = await front.get("/late")
    assert (old.text, old.headers["x-cache"]) == (kept.text, "STALE")
    away = await front.get("/never-asked-for")
    assert away.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "Please try again" in away.text
    assert away.headers["retry-after"] == "30"


async def test_nothing_is_written_of_who_came_or_what_they_read(front: Front) -> None:
    await front.get("/contribute/one-use-link")
    await front.upstream.stop()
    for place in ("/contribute/one-use-link", "/concerns/new", "/b/AAAAAAAAAA"):
        await front.get(place)
    written = front.written()
    assert " GET 200 " in written
    assert " GET 503 " in written
    assert not re.search(r"127\.0\.0\.1|contribute|concerns|AAAAAAAAAA", written)


async def test_too_many_at_once_are_asked_to_wait(front: Front) -> None:
    front.upstream.cache_control = "no-store"
    answers = await asyncio.gather(*(front.get(f"/late?page={n}") for n in range(60)))
    refused = [answer for answer in answers if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS]
    assert refused
    assert {answer.headers["retry-after"] for answer in refused} == {"5"}
    assert "wait a few seconds" in refused[0].text


async def test_plain_http_leads_to_the_same_place_over_tls(front: Front) -> None:
    async with httpx2.AsyncClient(base_url=f"http://localhost:{front.plain}") as visitor:
        answer = await visitor.get("/late?kind=plan")
    assert answer.status_code == HTTPStatus.PERMANENT_REDIRECT
    assert answer.headers["location"] == "https://localhost/late?kind=plan"
    assert (await front.get("/metrics")).status_code == HTTPStatus.NOT_FOUND
