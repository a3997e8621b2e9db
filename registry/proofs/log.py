"""The public log's turn in the worker: append, sign, have cosigned."""

from collections.abc import Mapping

from badges.log.checkpoint import Checkpoint
from badges.log.cosigning import Outcome, collect_cosignatures
from badges.log.events import RegisterEvents, codes_of_registered
from badges.log.service import MOST_EVENTS, append_committed_events, sign_checkpoint
from charter.scheme import Scheme
from registry.proofs.desk import ProofDesk


async def append_events(scheme: Scheme) -> int:
    """Append every committed event that the log does not have yet; return how many.

    Only organisations that a public register lists are named in it: another may be one person.
    """
    source = RegisterEvents(codes_of_registered(scheme.pack.identifiers.own_prefix))
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
