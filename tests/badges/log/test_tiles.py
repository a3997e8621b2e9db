"""Tiles and bundles: paths, cuts and bytes."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.log.errors import Malformed
from badges.log.tiles import (
    HEIGHT,
    MOST_ENTRY_BYTES,
    WIDTH,
    Bundle,
    Tile,
    bundles_of,
    pack_entries,
    pack_hashes,
    read_path,
    stands_in,
    tiles_of,
    unpack_entries,
    unpack_hashes,
)
from badges.log.tree import Place

tiles = st.builds(Tile, st.integers(0, 63), st.integers(0, 10**18), st.integers(1, WIDTH))
bundles = st.builds(Bundle, st.integers(0, 10**18), st.integers(1, WIDTH))


@pytest.mark.parametrize(
    ("part", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(3, 1_234_067, 1), "tile/3/x001/x234/067.p/1"),
        (Tile(63, 999, 255), "tile/63/999.p/255"),
        (Tile(0, 1000), "tile/0/x001/000"),
        (Bundle(0, 7), "tile/entries/000.p/7"),
        (Bundle(1_000_000), "tile/entries/x001/x000/000"),
    ],
)
def test_paths_are_written_in_groups_of_three(part: Tile | Bundle, path: str) -> None:
    assert part.path == path
    assert read_path(path) == part


@given(tiles | bundles)
def test_every_path_reads_back(part: Tile | Bundle) -> None:
    assert read_path(part.path) == part


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/100/000",
        "tile/-1/000",
        "tile/data/000",
        "tile/0/x000/001",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000.p/",
        "tile/0/000\n",
        "tile/0/\u0661\u0661\u0661",
        "../tile/0/000",
        "tile/0/" + "x001/" * 7 + "000",
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(Malformed):
        read_path(path)


def test_seventy_thousand_entries_are_cut_as_the_specification_says() -> None:
    cut = list(tiles_of(70_000))
    assert len([tile for tile in cut if tile.level == 0 and tile.width == WIDTH]) == 273
    assert [tile for tile in cut if tile.width != WIDTH] == [
        Tile(0, 273, 112),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
    ]
    assert list(bundles_of(70_000))[-1] == Bundle(273, 112)


def test_a_full_tile_has_its_hash_in_the_level_above() -> None:
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(bundles_of(256)) == [Bundle(0)]
    assert list(tiles_of(0)) == []
    assert list(bundles_of(0)) == []


@given(st.integers(0, 200_000))
def test_tiles_hold_every_complete_subtree_of_their_levels(size: int) -> None:
    for level, group in product(range(4), [list(tiles_of(size))]):
        assert sum(tile.width for tile in group if tile.level == level) == size >> (level * HEIGHT)


@given(st.integers(0, 200_000), st.integers(0, 200_000))
def test_a_log_keeps_serving_what_it_once_served(size: int, more: int) -> None:
    last: list[Tile | Bundle] = [*list(tiles_of(size))[-3:], *list(bundles_of(size))[-2:]]
    for part in last:
        assert stands_in(part, size + more)


@pytest.mark.parametrize(
    ("part", "size"),
    [
        (Tile(0, 0, 8), 7),
        (Tile(0, 1, 1), 256),
        (Tile(1, 0, 1), 255),
        (Bundle(0, 8), 7),
        (Tile(63, 0, 1), 2**40),
        (Bundle(10**18), 7),
    ],
)
def test_nothing_beyond_the_log_stands_in_it(part: Tile | Bundle, size: int) -> None:
    assert not stands_in(part, size)


def test_tiles_and_bundles_know_their_first_place() -> None:
    assert Tile(2, 3).first == Place(16, 768)
    assert Bundle(3).first == 768


@given(st.lists(st.binary(max_size=400), min_size=1, max_size=WIDTH))
def test_bundles_give_back_their_entries(entries: list[bytes]) -> None:
    assert unpack_entries(pack_entries(entries), len(entries)) == entries


def test_an_entry_may_fill_its_length() -> None:
    entry = b"x" * MOST_ENTRY_BYTES
    assert unpack_entries(pack_entries([entry]), 1) == [entry]
    with pytest.raises(Malformed):
        pack_entries([entry + b"x"])


@pytest.mark.parametrize(
    ("packed", "width"),
    [(b"\x00", 1), (b"\x00\x02a", 1), (b"\x00\x01a", 2), (b"\x00\x01a\x00\x01b", 1), (b"", 1)],
)
def test_a_bundle_of_another_shape_is_refused(packed: bytes, width: int) -> None:
    with pytest.raises(Malformed):
        unpack_entries(packed, width)


def test_tiles_give_back_their_hashes() -> None:
    hashes = [bytes([number]) * 32 for number in range(3)]
    assert unpack_hashes(pack_hashes(hashes), 3) == hashes
    with pytest.raises(Malformed):
        unpack_hashes(pack_hashes(hashes), 4)
