"""The public log's turn in the worker: append, sign, have cosigned."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from badges.log.checkpoint import Checkpoint
from badges.log.cosigning import Outcome, collect_cosignatures
from badges.log.events import RegisterEvents
from badges.log.service import MOST_EVENTS, append_committed_events, sign_checkpoint
from badges.tables import Badge
from registry.proofs.desk import ProofDesk


async def badge_codes(organisations: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the badge codes of `organisations`; only bodies sign the charter, never a person."""
    wanted = list(organisations)
    rows = await Badge.select(Badge.organisation, Badge.code).where(
        Badge.organisation.is_in(wanted)
    )
    return {row["organisation"]: row["code"] for row in rows}


async def append_events() -> int:
    """Append every committed event that the log does not have yet; return how many."""
    source = RegisterEvents(badge_codes)
    appended = 0
    while batch := await append_committed_events(source=source):
        appended += batch
        if batch < MOST_EVENTS:
            break
    return appended


async def sign_log(desk: ProofDesk) -> Checkpoint | None:
    """Sign the log's newest checkpoint if that is due. Raises SigningRefused."""
    return await sign_checkpoint(log=desk.log)


async def ask_witnesses(desk: ProofDesk) -> Mapping[str, Outcome]:
    """Have the newest checkpoint cosigned; return what came of it by the witness's name."""
    return await collect_cosignatures(log=desk.log, witnesses=desk.witnesses)
