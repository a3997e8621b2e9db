"""Every way out for mail keeps the same promises; SMTP is tested against a real server."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from registry.adapters.mail import (
    Attachment,
    Delivery,
    Mail,
    Mailer,
    Outcome,
    UnsafeMail,
)
from registry.adapters.mail_notify import NotifyMailer
from registry.adapters.mail_smtp import SmtpMailer
from registry.adapters.mailers import OutboxMailer, mailer_from_url
from tests.registry.adapters.fakes import NEVER, NOT_NOW, RememberingMailer

SENDER = "register@hub.example"
GONE = "gone@harbour-lights.example"
BUSY = "busy@harbour-lights.example"
REPLIES = {GONE: NEVER, BUSY: NOT_NOW}

NOTICE = Mail(
    to="edi-lead@harbour-lights.example",
    subject="Send evidence for 2 actions by 14 March",
    text="Two actions are due.\n",
    message_id="notice-7@hub.example",
)


@dataclass
class LoopbackServer:
    """A mail server that refuses, puts off or keeps, by address."""

    kept: list[bytes] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 the server library's own name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if address in REPLIES:
            return f"{REPLIES[address]} not here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 the server library's own name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        if b"X-Notice: unwanted" in content:
            return "554 looks like spam"
        self.kept.append(content)
        return "250 queued"


@pytest.fixture
async def server() -> AsyncIterator[tuple[LoopbackServer, int]]:
    handler = LoopbackServer()
    listening = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, hostname="mail.hub.example"), "127.0.0.1", 0
    )
    async with listening:
        yield handler, listening.sockets[0].getsockname()[1]


@contextmanager
def pretend_notify() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Stand in for Notify's service on loopback, with its shapes of answers."""
    received: list[dict[str, Any]] = []

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = {GONE: 400, BUSY: 429}.get(body["email_address"], 201)
            if status == 201:
                received.append(body)
            answer = json.dumps({"id": "1", "errors": [{"error": "X", "message": "no"}]}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args: object) -> None:
            """Keep the test's output quiet."""

    service = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{service.server_port}", received
    finally:
        service.shutdown()
        thread.join()
        service.server_close()


API_KEY = "hub-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"


def remembering(_port: int, _notify: str) -> Mailer:
    return RememberingMailer(REPLIES)


def smtp(port: int, _notify: str) -> Mailer:
    return mailer_from_url(f"smtp://127.0.0.1:{port}?tls=never", sender=SENDER)


def notify(_port: int, base: str) -> Mailer:
    return mailer_from_url(f"notify://{API_KEY}/template-1?base={base}", sender=SENDER)


@pytest.fixture(params=[remembering, smtp, notify])
def mailer(request: pytest.FixtureRequest, server: tuple[LoopbackServer, int]) -> Iterator[Mailer]:
    build: Callable[[int, str], Mailer] = request.param
    with pretend_notify() as (base, _):
        yield build(server[1], base)


class TestEveryMailer:
    async def test_reports_a_message_that_was_taken(self, mailer: Mailer) -> None:
        delivery = await mailer.send(NOTICE)
        assert delivery.outcome is Outcome.ACCEPTED

    async def test_reports_an_address_that_does_not_exist_as_refused(self, mailer: Mailer) -> None:
        delivery = await mailer.send(replace(NOTICE, to=GONE))
        assert delivery.outcome is Outcome.REFUSED
        assert delivery.code in {NEVER, 400}

    async def test_reports_a_busy_server_as_deferred(self, mailer: Mailer) -> None:
        delivery = await mailer.send(replace(NOTICE, to=BUSY))
        assert delivery.outcome is Outcome.DEFERRED

    @pytest.mark.parametrize(
        "unsafe",
        [
            replace(NOTICE, subject="Due\r\nBcc: everyone@elsewhere.example"),
            replace(NOTICE, subject="Due\nBcc: everyone@elsewhere.example"),
            replace(NOTICE, subject="Due\u2028Bcc: everyone@elsewhere.example"),
            replace(NOTICE, subject="Due\x00"),
            replace(NOTICE, subject="Due\x85Bcc: everyone@elsewhere.example"),
            replace(NOTICE, subject="lone \ud800"),
            replace(NOTICE, to="a@one.example\nRCPT TO:<b@two.example>"),
            replace(NOTICE, to="a@one.example, b@two.example"),
            replace(NOTICE, to="Somebody <a@one.example>"),
            replace(NOTICE, to="nobody"),
            replace(NOTICE, message_id="x@y>\r\nX: <z"),
            replace(NOTICE, message_id="no-right-side"),
            replace(NOTICE, headers={"Bcc": "everyone@elsewhere.example"}),
            replace(NOTICE, headers={"List-Unsubscribe": "<https://elsewhere.example>"}),
            replace(NOTICE, headers={"References": "<a@b>\r\nBcc: everyone@elsewhere.example"}),
            replace(NOTICE, unsubscribe_url="https://hub.example/stop\nBcc: x@elsewhere.example"),
            replace(NOTICE, attachments=(Attachment("a\r\n.ics", "text/calendar", b""),)),
        ],
    )
    async def test_refuses_a_header_that_smuggles_another(
        self, mailer: Mailer, unsafe: Mail
    ) -> None:
        with pytest.raises(UnsafeMail):
            await mailer.send(unsafe)


class TestSmtp:
    async def send(self, server: tuple[LoopbackServer, int], mail: Mail) -> EmailMessage:
        delivery = await smtp(server[1], "").send(mail)
        assert delivery.outcome is Outcome.ACCEPTED
        received = message_from_bytes(server[0].kept[-1], policy=default)
        assert isinstance(received, EmailMessage)
        return received

    async def test_says_that_a_machine_wrote_it(self, server: tuple[LoopbackServer, int]) -> None:
        received = await self.send(server, NOTICE)
        assert received["Auto-Submitted"] == "auto-generated"
        assert received["From"] == SENDER

    async def test_keeps_the_same_message_id_for_every_attempt(
        self, server: tuple[LoopbackServer, int]
    ) -> None:
        first, second = await self.send(server, NOTICE), await self.send(server, NOTICE)
        assert first["Message-ID"] == second["Message-ID"] == "<notice-7@hub.example>"

    async def test_a_notice_offers_no_way_out_and_a_digest_does(
        self, server: tuple[LoopbackServer, int]
    ) -> None:
        notice = await self.send(server, NOTICE)
        assert "List-Unsubscribe" not in notice
        digest = await self.send(
            server, replace(NOTICE, unsubscribe_url="https://hub.example/stop/abc")
        )
        assert digest["List-Unsubscribe"] == "<https://hub.example/stop/abc>"
        assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    async def test_carries_a_thread_a_picture_of_the_text_and_a_calendar(
        self, server: tuple[LoopbackServer, int]
    ) -> None:
        mail = replace(
            NOTICE,
            subject="Cyngor Sir: tystiolaeth, Tŷ Gwyn",
            html="<p>Two actions are due.</p>",
            headers={"References": "<notice-6@hub.example>"},
            attachments=(Attachment("due.ics", "text/calendar", b"BEGIN:VCALENDAR\r\n"),),
        )
        received = await self.send(server, mail)
        assert received["Subject"] == mail.subject
        assert received["References"] == "<notice-6@hub.example>"
        text = received.get_body(("plain",))
        assert text is not None
        assert text.get_content().splitlines() == NOTICE.text.splitlines()
        assert [part.get_filename() for part in received.iter_attachments()] == ["due.ics"]

    async def test_content_turned_away_for_good_is_refused(
        self, server: tuple[LoopbackServer, int]
    ) -> None:
        delivery = await smtp(server[1], "").send(replace(NOTICE, headers={"X-Notice": "unwanted"}))
        assert delivery == Delivery(Outcome.REFUSED, 554, delivery.said)

    async def test_a_server_that_is_away_defers(self, unused_tcp_port: int) -> None:
        delivery = await smtp(unused_tcp_port, "").send(NOTICE)
        assert delivery.outcome is Outcome.DEFERRED

    async def test_a_server_that_wants_other_credentials_defers(
        self, server: tuple[LoopbackServer, int]
    ) -> None:
        mailer = mailer_from_url(f"smtp://me:wrong@127.0.0.1:{server[1]}?tls=never", sender=SENDER)
        assert (await mailer.send(NOTICE)).outcome is Outcome.DEFERRED


class TestNotify:
    async def test_passes_text_reference_and_way_out_through_one_template(self) -> None:
        with pretend_notify() as (base, received):
            mail = replace(NOTICE, unsubscribe_url="https://hub.example/stop/abc")
            await notify(0, base).send(mail)
        assert received == [
            {
                "email_address": NOTICE.to,
                "template_id": "template-1",
                "personalisation": {"subject": NOTICE.subject, "body": NOTICE.text},
                "reference": NOTICE.message_id,
                "one_click_unsubscribe_url": "https://hub.example/stop/abc",
            }
        ]


class TestChoosingAMailer:
    def test_by_url(self) -> None:
        assert isinstance(mailer_from_url("outbox://", sender=SENDER), OutboxMailer)
        assert isinstance(mailer_from_url(f"notify://{API_KEY}/t", sender=SENDER), NotifyMailer)
        implicit = mailer_from_url("smtps://me:p%40ss@mail.example", sender=SENDER)
        assert isinstance(implicit, SmtpMailer)
        assert (implicit.port, implicit.use_tls, implicit.password) == (465, True, "p@ss")

    @pytest.mark.parametrize(
        "url",
        ["", "mailto:x@y.example", "smtp://", "smtp://mail.example?tls=perhaps", "notify://key"],
    )
    def test_refuses_a_url_it_cannot_use(self, url: str) -> None:
        with pytest.raises(ValueError, match=r"(mail|Notify) URL"):
            mailer_from_url(url, sender=SENDER)

    async def test_the_outbox_keeps_what_it_is_given_and_checks_it_too(self) -> None:
        mailer = mailer_from_url("outbox://", sender=SENDER)
        assert (await mailer.send(NOTICE)).outcome is Outcome.ACCEPTED
        with pytest.raises(UnsafeMail):
            await mailer.send(replace(NOTICE, subject="a\nb"))
