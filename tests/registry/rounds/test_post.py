"""From a notice to a mail and back: what the mail system says becomes a fact (rules 31 and 36)."""

from collections.abc import Mapping
from datetime import timedelta

from charter.history.queries import events_of
from charter.history.tables import OutboxMessage
from registry.accounts.post import queue_mail
from registry.adapters.mail import Mailer
from registry.rounds.letters import write_letters
from registry.rounds.outbox import Tally, dead_letters, work_outbox
from registry.rounds.post import message_id, post_handlers
from tests.registry.adapters.fakes import NEVER, NOT_NOW, RememberingMailer
from tests.registry.rounds.conftest import LEAD, SPONSOR, Office

DAYS_TO_FIRST_REMINDER = 30


async def work(office: Office, mailer: Mailer) -> Tally:
    handlers = post_handlers(office.registry, mailer)
    return await work_outbox(office.world.clock, handlers, lanes=1)


async def with_notices(office: Office) -> None:
    await office.chase_until(DAYS_TO_FIRST_REMINDER)
    while not await write_letters(office.registry):
        office.world.pass_days(1)


async def kinds(office: Office) -> set[str]:
    return {event.kind for event in await events_of(office.organisation)}


class TestLetters:
    async def test_reach_their_people_and_that_is_recorded(self, office: Office) -> None:
        mailer = RememberingMailer()
        await with_notices(office)
        tally = await work(office, mailer)
        assert {mail.to for mail in mailer.sent} <= {LEAD, SPONSOR}
        assert LEAD in {mail.to for mail in mailer.sent}
        assert tally.done == 2 * len(mailer.sent)
        assert {state for _, _, state in await office.notices()} == {"accepted"}
        assert "notice-accepted" in await kinds(office)

    async def test_are_written_once_however_often_the_outbox_is_worked(
        self, office: Office
    ) -> None:
        mailer = RememberingMailer()
        await with_notices(office)
        await work(office, mailer)
        sent = len(mailer.sent)
        await OutboxMessage.update({OutboxMessage.done_at: None}, force=True)
        await work(office, mailer)
        ids = [mail.message_id for mail in mailer.sent]
        assert len(set(ids)) == sent

    async def test_to_addresses_that_refuse_them_bounce(self, office: Office) -> None:
        await with_notices(office)
        replies: Mapping[str, int] = {LEAD: NEVER, SPONSOR: NEVER}
        await work(office, RememberingMailer(replies))
        assert {state for _, _, state in await office.notices()} == {"bounced"}
        assert "notice-bounced" in await kinds(office)
        assert {row["last_error"] for row in await dead_letters()} == {
            "the mail system said: never (550)"
        }

    async def test_wait_while_the_mail_system_is_busy(self, office: Office) -> None:
        await with_notices(office)
        tally = await work(office, RememberingMailer({LEAD: NOT_NOW, SPONSOR: NOT_NOW}))
        assert tally.put_off
        assert {state for _, _, state in await office.notices()} == {"sent"}
        office.world.clock.set(office.world.clock.at + timedelta(minutes=1))
        mailer = RememberingMailer()
        await work(office, mailer)
        assert mailer.sent

    async def test_wait_for_the_morning(self, office: Office) -> None:
        await office.chase_until(DAYS_TO_FIRST_REMINDER)
        office.world.clock.set(office.world.clock.at.replace(hour=22))
        assert await write_letters(office.registry) == 0


class TestMail:
    async def test_is_sent_under_the_same_id_every_time(self, office: Office) -> None:
        desk = office.registry.desk
        await queue_mail(desk, key="code:1", to=LEAD, subject="Your code", text="123456")
        mailer = RememberingMailer()
        await work(office, mailer)
        [mail] = mailer.sent
        assert (mail.to, mail.subject, mail.text) == (LEAD, "Your code", "123456")
        assert mail.message_id == message_id("code:1", desk.public_url)

    async def test_that_must_not_leave_is_given_up(self, office: Office) -> None:
        await queue_mail(
            office.registry.desk, key="k", to=LEAD, subject="Due\r\nBcc: x@y.example", text=""
        )
        assert (await work(office, RememberingMailer())).dead == 1
