"""Everything the worker signs with: the issuer, the keys, the log, its witnesses."""

from collections.abc import Sequence
from dataclasses import dataclass

from badges.credentials.facts import Issuer
from badges.keys import Signers
from badges.log.checkpoint_file import CheckpointFile
from badges.log.cosigning import HttpWitness
from badges.log.note import Ed25519Signer, NoteVerifier, read_vkey
from badges.log.service import PublicLog
from charter.scheme import Scheme
from registry.proofs.issuer import issuer_of, log_origin
from registry.proofs.key_folder import KeyFolder, key_folder
from registry.settings import Settings


@dataclass(frozen=True, slots=True)
class ProofDesk:
    """What signing needs. The web process never holds one.

    The scheme is the worker's; a played stretch of time signs with
    `dataclasses.replace(desk, scheme=played)`, while lists and checkpoints keep the wall clock.
    """

    scheme: Scheme
    issuer: Issuer
    folder: KeyFolder
    log: PublicLog
    witnesses: tuple[HttpWitness, ...]

    def signers(self) -> Signers:
        """Return the signers in force, read anew so that a rotation needs no restart.

        Raises UnusableKey.
        """
        return self.folder.read_ring().signers(self.issuer.did)


def open_proof_desk(settings: Settings, scheme: Scheme) -> ProofDesk:
    """Return the worker's desk. Raises UnusableKey, and Malformed for a witness's odd key.

    Outside production keys are made where there are none; production waits for the operator's
    `registry keys rotate`, because a key made by accident signs badges nobody believes.
    """
    folder = key_folder(settings)
    if settings.in_production:
        folder.read_ring()
    else:
        folder.start_ring(scheme.now())
    origin = log_origin(settings)
    signer = Ed25519Signer(origin, folder.start_log_key())
    return ProofDesk(
        scheme=scheme,
        issuer=issuer_of(settings),
        folder=folder,
        log=PublicLog((signer,), CheckpointFile(folder.checkpoint_path), scheme.clock),
        witnesses=tuple(
            HttpWitness(read_vkey(witness.key), witness.address) for witness in settings.witnesses
        ),
    )


def witness_keys(settings: Settings) -> Sequence[NoteVerifier]:
    """Return the public keys of the witnesses that are asked to cosign. Raises Malformed."""
    return [read_vkey(witness.key) for witness in settings.witnesses]
