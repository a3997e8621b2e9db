"""The Merkle tree of RFC 6962: hashes, growth, proofs and their verification.

Pure. The tree is known by its *complete* subtrees only. The subtree at `Place(level, position)`
covers the entries from `position << level` up to, not including, `(position + 1) << level`; once
complete it never changes, so growing a tree only ever adds places.

Proofs are made from spans of entries (`inclusion_spans`, `consistency_spans`) by whoever holds
the nodes, and verified by walking the bits of the sizes, as in RFC 9162 sections 2.1.3.2 and
2.1.4.2. The two ways share nothing but the hash functions, so that one checks the other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from hashlib import sha256
from typing import NamedTuple

Hash = bytes

HASH_BYTES = 32
EMPTY_ROOT: Hash = sha256(b"").digest()

_LEAF = b"\x00"
_NODE = b"\x01"


class Place(NamedTuple):
    """Where a complete subtree stands: `level` 0 holds the leaves."""

    level: int
    position: int


class Span(NamedTuple):
    """The entries from `start` up to, not including, `end`."""

    start: int
    end: int


class Node(NamedTuple):
    """A complete subtree and its hash."""

    place: Place
    hash: Hash


def leaf_hash(entry: bytes) -> Hash:
    """Return the hash of one entry."""
    return sha256(_LEAF + entry).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """Return the hash of the subtree above `left` and `right`."""
    return sha256(_NODE + left + right).digest()


# --- growing ---------------------------------------------------------------------------------


def grow(size: int, frontier: Sequence[Hash], leaves: Iterable[Hash]) -> Iterator[Node]:
    """Yield every subtree that becomes complete when `leaves` join a tree of `size` entries.

    `frontier` holds the hashes of `frontier_places(size)`, in that order.
    """
    left_edge = list(frontier)
    for index, leaf in enumerate(leaves, size):
        node = Node(Place(0, index), leaf)
        yield node
        while node.place.position % 2:  # a right child, so its left sibling closes the edge
            level, position = node.place
            node = Node(Place(level + 1, position // 2), node_hash(left_edge.pop(), node.hash))
            yield node
        left_edge.append(node.hash)


def grown_frontier(size: int, frontier: Sequence[Hash], leaves: Sequence[Hash]) -> list[Hash]:
    """Return the frontier of the tree once `leaves` have joined its `size` entries."""
    known = dict(zip(frontier_places(size), frontier, strict=True))
    known.update(grow(size, frontier, leaves))
    return [known[place] for place in frontier_places(size + len(leaves))]


def frontier_places(size: int) -> tuple[Place, ...]:
    """Return the fewest complete subtrees that cover a tree of `size` entries, left to right."""
    return complete_places(Span(0, size))


def root_of(hashes: Sequence[Hash]) -> Hash:
    """Return the hash over neighbouring subtrees given left to right; of none, the empty root."""
    if not hashes:
        return EMPTY_ROOT
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes))


# --- proofs, for those who hold the nodes ----------------------------------------------------


def complete_places(span: Span) -> tuple[Place, ...]:
    """Return the fewest complete subtrees that cover `span`, left to right.

    `span` must start at a multiple of the largest power of two that fits in it, as every span
    of a tree or of a proof does.
    """
    start, end = span
    places: list[Place] = []
    while start < end:
        level = (end - start).bit_length() - 1
        places.append(Place(level, start >> level))
        start += 1 << level
    return tuple(places)


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Return what each hash of an inclusion proof covers, from the leaf's sibling upwards."""
    spans: list[Span] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """Return what each hash of a consistency proof covers, in the order of RFC 6962."""
    if old in (0, new):
        return []
    spans: list[Span] = []
    start, end = 0, new
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(start, middle))
            start = middle
    if start:  # the old tree is not itself one of the subtrees, so its right part is needed
        spans.append(Span(start, end))
    return spans[::-1]


def hash_of(span: Span, nodes: Mapping[Place, Hash]) -> Hash:
    """Return the hash over `span`, from the complete subtrees that cover it."""
    return root_of([nodes[place] for place in complete_places(span)])


def _split(width: int) -> int:
    """Return the largest power of two smaller than `width`, which is at least two."""
    return 1 << ((width - 1).bit_length() - 1)


# --- proofs, for those who hold only a root --------------------------------------------------


def proves_inclusion(
    *, index: int, size: int, leaf: Hash, proof: Sequence[Hash], root: Hash
) -> bool:
    """Say whether `proof` leads from `leaf`, standing at `index`, to `root` of `size` entries."""
    if not 0 <= index < size or not _are_hashes(proof):
        return False
    position, last, known = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position % 2 or position == last:
            known = node_hash(sibling, known)
            position, last = _climb_to_right_child(position, last)
        else:
            known = node_hash(known, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and known == root


def proves_consistency(
    *, old: int, new: int, old_root: Hash, new_root: Hash, proof: Sequence[Hash]
) -> bool:
    """Say whether `proof` shows that the tree of `new` entries begins with that of `old`."""
    if not 0 <= old <= new or not _are_hashes(proof):
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT and (new > 0 or new_root == EMPTY_ROOT)
    if old == new:
        return not proof and old_root == new_root
    hashes = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    if not hashes:
        return False
    position, last = old - 1, new - 1
    while position % 2:
        position, last = position >> 1, last >> 1
    known_old = known_new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if position % 2 or position == last:
            known_old = node_hash(sibling, known_old)
            known_new = node_hash(sibling, known_new)
            position, last = _climb_to_right_child(position, last)
        else:
            known_new = node_hash(known_new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and known_old == old_root and known_new == new_root


def _are_hashes(proof: Sequence[Hash]) -> bool:
    """Say whether every part has a hash's length; else two parts could be cut from one node."""
    return all(len(part) == HASH_BYTES for part in proof)


def _climb_to_right_child(position: int, last: int) -> tuple[int, int]:
    """Climb from a rightmost node past the levels on which it stands alone."""
    while position and not position % 2:
        position, last = position >> 1, last >> 1
    return position, last
