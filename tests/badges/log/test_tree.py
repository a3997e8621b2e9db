"""The Merkle tree, held against published vectors, its definition, and tampering."""

from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.log.tree import (
    EMPTY_ROOT,
    HASH_BYTES,
    Hash,
    Place,
    frontier_places,
    grown_frontier,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
)
from tests.badges.log.trees import GrownTree, grown, root_by_definition

SIZES = [*range(1, 301), 511, 512, 513]
TREE = grown(max(SIZES))
ROOTS = {size: TREE.root(size) for size in (0, *SIZES)}

# The eight leaves and nine roots that implementations of RFC 6962 test themselves with.
VECTOR_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
VECTOR_ROOTS = [
    bytes.fromhex(root)
    for root in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]


def test_the_published_vectors_give_their_roots() -> None:
    tree = GrownTree()
    roots = [tree.root(0)]
    for leaf in VECTOR_LEAVES:
        tree.append(leaf)
        roots.append(tree.root(tree.size))
    assert roots == VECTOR_ROOTS
    assert VECTOR_ROOTS[0] == EMPTY_ROOT


def test_roots_are_what_the_definition_says_at_every_size() -> None:
    for size in SIZES:
        assert ROOTS[size] == root_by_definition(TREE.entries[:size])


@given(st.lists(st.integers(0, 40), max_size=12))
def test_batches_of_any_sizes_grow_the_same_tree(batches: list[int]) -> None:
    tree = GrownTree()
    for batch in batches:
        tree.append(*TREE.entries[tree.size : tree.size + batch])
    assert tree.nodes == {
        place: digest
        for place, digest in TREE.nodes.items()
        if (place.position + 1) << place.level <= tree.size
    }


def test_a_frontier_is_the_binary_form_of_the_size() -> None:
    assert frontier_places(0) == ()
    assert frontier_places(7) == (Place(2, 0), Place(1, 2), Place(0, 6))
    assert frontier_places(8) == (Place(3, 0),)


@given(st.integers(0, 300), st.integers(0, 40))
def test_a_frontier_grows_without_the_nodes_behind_it(size: int, more: int) -> None:
    frontier = [TREE.nodes[place] for place in frontier_places(size)]
    leaves = [TREE.nodes[Place(0, index)] for index in range(size, size + more)]
    assert grown_frontier(size, frontier, leaves) == [
        TREE.nodes[place] for place in frontier_places(size + more)
    ]


def test_every_entry_is_proven_in_every_size() -> None:
    for size in SIZES:
        for index in range(size):
            assert proves_inclusion(
                index=index,
                size=size,
                leaf=TREE.nodes[Place(0, index)],
                proof=TREE.inclusion(index, size),
                root=ROOTS[size],
            )


def test_every_size_is_proven_to_extend_every_earlier_size() -> None:
    for new in SIZES:
        for old in (size for size in (0, *SIZES) if size <= new):
            assert proves_consistency(
                old=old,
                new=new,
                old_root=ROOTS[old],
                new_root=ROOTS[new],
                proof=TREE.consistency(old, new),
            )


@dataclass(frozen=True)
class Inclusion:
    """What an inclusion proof claims."""

    index: int
    size: int
    leaf: Hash
    proof: tuple[Hash, ...]
    root: Hash

    def holds(self) -> bool:
        return proves_inclusion(
            index=self.index, size=self.size, leaf=self.leaf, proof=self.proof, root=self.root
        )


@dataclass(frozen=True)
class Consistency:
    """What a consistency proof claims."""

    old: int
    new: int
    old_root: Hash
    new_root: Hash
    proof: tuple[Hash, ...]

    def holds(self) -> bool:
        return proves_consistency(
            old=self.old,
            new=self.new,
            old_root=self.old_root,
            new_root=self.new_root,
            proof=self.proof,
        )


indexes_in_sizes = st.sampled_from(SIZES[1:]).flatmap(
    lambda size: st.tuples(st.integers(0, size - 1), st.just(size))
)
bits = st.integers(0, HASH_BYTES * 8 - 1)


@given(indexes_in_sizes, bits, st.data())
def test_a_tampered_inclusion_proof_is_refused(
    where: tuple[int, int], bit: int, data: st.DataObject
) -> None:
    index, size = where
    leaf, proof = TREE.nodes[Place(0, index)], tuple(TREE.inclusion(index, size))
    good = Inclusion(index, size, leaf, proof, ROOTS[size])
    elsewhere = st.integers(-1, size + 1).filter(lambda other: other != index)
    bad = data.draw(
        st.sampled_from(
            [
                replace(good, leaf=_flipped(leaf, bit)),
                replace(good, root=_flipped(good.root, bit)),
                replace(good, index=data.draw(elsewhere)),
                replace(good, proof=(*proof, ROOTS[1])),
                replace(good, proof=proof[:-1]),
                replace(good, proof=_with_one_flipped(proof, bit, data)),
            ]
        )
    )
    assert good.holds()
    assert not bad.holds()


@given(st.sampled_from(list(pairwise([1, 2, 3, 4, 7, 8, 64, 100, 256, 300, 512]))), bits, st.data())
def test_a_tampered_consistency_proof_is_refused(
    sizes: tuple[int, int], bit: int, data: st.DataObject
) -> None:
    old, new = sizes
    proof = tuple(TREE.consistency(old, new))
    good = Consistency(old, new, ROOTS[old], ROOTS[new], proof)
    bad = data.draw(
        st.sampled_from(
            [
                replace(good, old_root=_flipped(good.old_root, bit)),
                replace(good, new_root=_flipped(good.new_root, bit)),
                replace(good, old_root=good.new_root, new_root=good.old_root),
                replace(good, proof=(*proof, ROOTS[1])),
                replace(good, proof=proof[:-1]),
                replace(good, proof=_with_one_flipped(proof, bit, data)),
            ]
        )
    )
    assert good.holds()
    assert not bad.holds()


@pytest.mark.parametrize(
    ("old", "new", "old_root", "new_root", "proof", "holds"),
    [
        (0, 0, EMPTY_ROOT, EMPTY_ROOT, [], True),
        (0, 0, EMPTY_ROOT, ROOTS[1], [], False),
        (0, 5, EMPTY_ROOT, ROOTS[5], [], True),
        (0, 5, ROOTS[1], ROOTS[5], [], False),
        (0, 5, EMPTY_ROOT, ROOTS[5], [ROOTS[1]], False),
        (5, 5, ROOTS[5], ROOTS[5], [], True),
        (5, 5, ROOTS[5], ROOTS[4], [], False),
        (5, 5, ROOTS[5], ROOTS[5], [ROOTS[1]], False),
        (6, 5, ROOTS[6], ROOTS[5], [], False),
        (-1, 5, ROOTS[6], ROOTS[5], [], False),
        (3, 5, ROOTS[3], ROOTS[5], [], False),
    ],
)
def test_the_edges_of_consistency(
    *, old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes], holds: bool
) -> None:
    assert holds == proves_consistency(
        old=old, new=new, old_root=old_root, new_root=new_root, proof=proof
    )


def test_a_proof_whose_parts_are_not_hashes_is_refused() -> None:
    first, second = TREE.inclusion(0, 4)
    leaf = leaf_hash(TREE.entries[0])
    for proof in ([first + second], [first, second[:-1]], [first, second + b"\x00"]):
        assert not proves_inclusion(index=0, size=4, leaf=leaf, proof=proof, root=ROOTS[4])
    assert not proves_consistency(
        old=1, new=2, old_root=ROOTS[1], new_root=ROOTS[2], proof=[b"\x00" * (HASH_BYTES - 1)]
    )


def _flipped(digest: Hash, bit: int) -> Hash:
    return (int.from_bytes(digest) ^ (1 << bit)).to_bytes(HASH_BYTES)


def _with_one_flipped(proof: tuple[Hash, ...], bit: int, data: st.DataObject) -> tuple[Hash, ...]:
    at = data.draw(st.integers(0, len(proof) - 1))
    return (*proof[:at], _flipped(proof[at], bit), *proof[at + 1 :])
