"""Acting on what badges leave in the outbox, and looking after the public log.

The order of a downgrade: its transaction revokes and turns the page; then the list is signed,
then the new edition. Each act may be repeated and then changes nothing.
"""

from collections.abc import Mapping
from uuid import UUID

import structlog

from badges.keys import UnusableKey
from badges.log.cosigning import Outcome
from badges.log.errors import SigningRefused
from badges.service import SIGN_EDITIONS, SIGN_STATUS_LISTS
from registry.proofs.desk import ProofDesk
from registry.proofs.log import append_events, ask_witnesses, sign_log
from registry.proofs.signing import (
    publish_public_keys,
    sign_badges,
    sign_due_badges,
    sign_editions_of,
    sign_stale_lists,
)
from registry.rounds.outbox import Handler, Message, TryLater

_log = structlog.get_logger()


def proof_handlers(desk: ProofDesk, *, lists: bool = True) -> Mapping[str, Handler]:
    """Return who acts on the outbox's editions and status lists.

    A played stretch of time signs editions only: lists follow the clock on the wall.
    """

    async def act_on_editions(message: Message) -> None:
        organisations = [UUID(each) for each in message.payload["organisations"]]
        try:
            await (sign_badges if lists else sign_editions_of)(desk, organisations=organisations)
        except UnusableKey as missing:
            raise TryLater("there are no signing keys: run `registry keys rotate`") from missing

    async def act_on_lists(_message: Message) -> None:
        if not lists:
            return
        try:
            await sign_stale_lists(desk)
        except UnusableKey as missing:
            raise TryLater("there are no signing keys: run `registry keys rotate`") from missing

    return {SIGN_EDITIONS: act_on_editions, SIGN_STATUS_LISTS: act_on_lists}


async def tend_badges(desk: ProofDesk) -> None:
    """Publish the keys, sign lists that are an hour old, and renew editions past half their life.

    For every minute: whatever a lost message left unsigned is found here, too.
    """
    await publish_public_keys(desk)
    await sign_stale_lists(desk)
    await sign_due_badges(desk)
    await sign_stale_lists(desk)


async def tend_log(desk: ProofDesk) -> None:
    """Append what was committed, sign it if that is due, and have a new checkpoint cosigned.

    For every few seconds. A refusal to sign is an alarm: the database may have been restored.
    """
    await append_events(desk.scheme)
    try:
        signed = await sign_log(desk)
    except SigningRefused as refusal:
        _log.error("log-signing-refused", why=refusal.message)
        return
    if signed is None:
        return
    for name, outcome in (await ask_witnesses(desk)).items():
        if outcome is not Outcome.COSIGNED:
            _log.warning("witness-did-not-cosign", witness=name, outcome=outcome.value)
