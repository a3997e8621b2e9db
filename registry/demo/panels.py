"""The panels of the play that hold keys of their own, and put their word beside a badge."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges.credentials.endorsement import endorse
from badges.credentials.model import Profile
from badges.endorsements.service import confirm_panel, hand_in_endorsement, propose_panel
from badges.key_file import FileSigner, SigningKey
from badges.keys import did_document, did_for
from charter.organisations.tables import Organisation
from registry.accounts.service import account_for
from registry.bootstrap import Registry
from registry.demo.cast import Cast, Endorsed
from registry.demo.crew import SECOND_STEWARD, STEWARD
from registry.proofs.issuer import issuer_of

RECORDED_BEFORE = timedelta(days=4)
"""How long before a panel speaks its key is recorded."""

STANDS_FOR = timedelta(days=360)

AT_THE_HUB = "hub.example"


@dataclass
class Panels:
    """What panels do on the days that the cast names before `last`.

    Each makes its key as the play goes and keeps it nowhere: no seed fixes a key.
    """

    registry: Registry
    cast: Cast
    last: date
    signers: dict[str, FileSigner] = field(default_factory=dict)

    async def act(self, today: date) -> None:
        """Do what is done on `today`."""
        for endorsed in self.cast.endorsed:
            speaks = self.last - timedelta(days=endorsed.day)
            if today == speaks - RECORDED_BEFORE:
                await self._come_on_record(endorsed)
            elif today == speaks:
                await self._endorse(endorsed)

    async def _come_on_record(self, panel: Endorsed) -> None:
        """Have one steward propose the panel's key, and another confirm it."""
        scheme, issuer = self.registry.scheme, issuer_of(self.registry.settings)
        did = did_for(panel.url)
        key = SigningKey(private=Ed25519PrivateKey.generate(), since=scheme.now())
        self.signers[panel.panel] = FileSigner(key, did)
        number = await propose_panel(
            scheme,
            steward=await account_for(self.registry.desk, email=STEWARD),
            steward_employer_domain=AT_THE_HUB,
            name=panel.panel,
            url=panel.url,
            document=msgspec.json.encode(did_document(did, [key.public])).decode(),
            issuer=issuer,
        )
        await confirm_panel(
            scheme,
            steward=await account_for(self.registry.desk, email=SECOND_STEWARD),
            steward_employer_domain=AT_THE_HUB,
            number=number,
            issuer=issuer,
        )

    async def _endorse(self, endorsed: Endorsed) -> None:
        """Seal the panel's word as the panel would, and hand it in."""
        scheme, issuer = self.registry.scheme, issuer_of(self.registry.settings)
        [row] = await Organisation.select(Organisation.slug).where(
            Organisation.name == endorsed.organisation
        )
        signer = self.signers[endorsed.panel]
        said = endorse(
            f"{issuer.public_url}/organisations/{row['slug']}",
            endorsed.text,
            panel=Profile(id=signer.did, name=endorsed.panel, url=endorsed.url),
            signer=signer,
            at=scheme.now(),
            until=scheme.now() + STANDS_FOR,
        )
        await hand_in_endorsement(scheme, content=msgspec.json.encode(said), issuer=issuer)
