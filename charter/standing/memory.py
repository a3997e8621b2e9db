"""Walks kept between transactions, so that a long history is not read anew for every fact.

A walk is lent to one transaction at a time and comes back only with its commit; what a failed
transaction learnt is forgotten with it. Event ids rise in the order of commits, so "every event
after the last one learnt" misses none, whichever process wrote it.
"""

from collections import OrderedDict
from uuid import UUID

from charter.framework.in_force import PacksInForce
from charter.standing.walk import Walk

MOST_WALKS = 2_000
"""The walks of so many organisations are kept; the one needed longest ago goes first."""


class Walks:
    """The walks of one process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[UUID, Walk] = OrderedDict()

    def borrow(self, organisation: UUID, packs: PacksInForce) -> Walk:
        """Take an organisation's walk out, or start one where it is not here or of other packs."""
        kept = self._kept.pop(organisation, None)
        return kept if kept is not None and kept.packs == packs else Walk(*packs)

    def bring_back(self, organisation: UUID, walk: Walk) -> None:
        """Keep the walk of a transaction that was committed."""
        self._kept[organisation] = walk
        if len(self._kept) > MOST_WALKS:
            self._kept.popitem(last=False)
