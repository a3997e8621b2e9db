"""A whole log in memory, and the Merkle tree as its definition says, for the tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from badges.log.tree import (
    Hash,
    Place,
    Span,
    complete_places,
    consistency_spans,
    frontier_places,
    grow,
    hash_of,
    inclusion_spans,
    leaf_hash,
    root_of,
)


def root_by_definition(entries: Sequence[bytes]) -> Hash:
    """Return the Merkle Tree Hash in the words of RFC 6962 section 2.1."""
    count = len(entries)
    if count == 0:
        return sha256(b"").digest()
    if count == 1:
        return sha256(b"\x00" + entries[0]).digest()
    half = 1
    while half * 2 < count:
        half *= 2
    left, right = root_by_definition(entries[:half]), root_by_definition(entries[half:])
    return sha256(b"\x01" + left + right).digest()


@dataclass
class GrownTree:
    """Every complete subtree of a tree that was grown entry by entry or in batches."""

    entries: list[bytes] = field(default_factory=list)
    nodes: dict[Place, Hash] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.entries)

    def append(self, *entries: bytes) -> None:
        frontier = [self.nodes[place] for place in frontier_places(self.size)]
        for place, digest in grow(self.size, frontier, map(leaf_hash, entries)):
            assert place not in self.nodes
            self.nodes[place] = digest
        self.entries.extend(entries)

    def root(self, size: int) -> Hash:
        return root_of([self.nodes[place] for place in frontier_places(size)])

    def inclusion(self, index: int, size: int) -> list[Hash]:
        return self._hashes(inclusion_spans(index, size))

    def consistency(self, old: int, new: int) -> list[Hash]:
        return self._hashes(consistency_spans(old, new))

    def _hashes(self, spans: Sequence[Span]) -> list[Hash]:
        for span in spans:
            assert all(place in self.nodes for place in complete_places(span))
        return [hash_of(span, self.nodes) for span in spans]


def grown(size: int) -> GrownTree:
    """Return a tree of `size` entries, each of its own."""
    tree = GrownTree()
    tree.append(*(b"entry %d" % index for index in range(size)))
    return tree
