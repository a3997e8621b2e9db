"""The community panel's own word inside a badge, under the panel's own key.

Written by the panel where it holds its key itself, as it does when it runs a witness. The
registry only carries it: a key of the panel's on the registry's own server would prove nothing.

It is about the organisation that holds the badge, by the address the badge names it by. Were it
about the badge's own address, strict readers would refuse a badge that describes itself twice.
"""

from datetime import datetime

from msgspec import UNSET
from msgspec.structs import replace

from badges.credentials.model import (
    EndorsementCredential,
    EndorsementSubject,
    Profile,
    whole_second,
)
from badges.credentials.sign import with_proof
from badges.keys import Signer


def endorse(
    organisation: str,
    comment: str,
    *,
    panel: Profile,
    signer: Signer,
    at: datetime,
    until: datetime,
) -> EndorsementCredential:
    """Return the sealed endorsement, from `at` to `until`, of who has its page at `organisation`.

    `panel.id` is the panel's own did:web, and `signer` holds one of its keys. Raises OddShape
    where a word could not be signed as it reads.
    """
    written = EndorsementCredential(
        id=f"{panel.url}/endorsements/{organisation.rpartition('/')[2]}-{at:%Y%m%dT%H%M%SZ}",
        name=f"Endorsement by {panel.name}",
        issuer=panel,
        valid_from=whole_second(at),
        valid_until=whole_second(until),
        credential_subject=EndorsementSubject(id=organisation, endorsement_comment=comment),
    )
    return with_proof(written, signer=signer, at=at)


def take_back(
    said: EndorsementCredential, *, signer: Signer, at: datetime
) -> EndorsementCredential:
    """Return what takes `said` back: sealed anew under the same address, over as it begins."""
    ended = replace(said, valid_from=whole_second(at), valid_until=whole_second(at), proof=UNSET)
    return with_proof(ended, signer=signer, at=at)
