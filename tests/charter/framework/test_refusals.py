"""A broken pack is refused with file, key and line."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from charter.errors import CharterError
from charter.framework.pack import build_pack, load_pack
from charter.framework.reading import BrokenPack
from tests.charter.framework.packs import SHIPPED, line_with, shipped_texts, with_change


@dataclass(frozen=True)
class Refusal:
    """One row of refusals.toml."""

    file: str
    replace: str
    by: str
    key: str
    reason: str
    line: str | None = None


REFUSALS = [
    Refusal(**row)
    for row in tomllib.loads(Path(__file__).with_name("refusals.toml").read_text("utf-8"))[
        "refusal"
    ]
]


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: f"{case.key}: {case.reason}")
def test_a_broken_pack_is_refused_with_file_key_and_line(case: Refusal) -> None:
    texts = with_change(case.file, case.replace, case.by)
    with pytest.raises(BrokenPack) as refused:
        build_pack(texts)
    breach = refused.value
    assert breach.key == case.key
    assert case.reason in breach.reason
    assert breach.message == f"{breach.file}, line {breach.line}: {breach.key}: {breach.reason}"
    if case.line:
        assert breach.line == line_with(texts[breach.file], case.line)
    else:
        name = case.key.rpartition(".")[2].partition("[")[0]
        written = texts[breach.file].splitlines()[breach.line - 1]
        assert written.startswith((f"{name} = ", f"[[type.{name}]]"))


def test_a_missing_file_is_refused_by_name() -> None:
    texts = shipped_texts()
    del texts["links.toml"]
    with pytest.raises(BrokenPack, match=r"^links\.toml, line 1: missing file$"):
        build_pack(texts)


def test_a_file_that_no_part_reads_is_refused_by_name() -> None:
    with pytest.raises(BrokenPack, match=r"^notes\.toml, line 1: unknown file$"):
        build_pack(shipped_texts() | {"notes.toml": "x = 1\n"})


@pytest.mark.parametrize(
    ("text", "line"), [("a = 1\nb = = 2\n", 2), ('a = 1\nb = "', 2), ("a = 1\n\na = 2\n", 3)]
)
def test_what_is_not_toml_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(BrokenPack, match="not TOML") as refused:
        build_pack(shipped_texts() | {"rules.toml": text})
    assert (refused.value.file, refused.value.line) == ("rules.toml", line)


def test_a_charter_version_stands_once() -> None:
    charter = shipped_texts()["charter.toml"]
    again = charter[charter.index("[[charter]]") :]
    with pytest.raises(BrokenPack, match=r"charter\[2\]\.version: 1\.0 stands twice"):
        build_pack(shipped_texts() | {"charter.toml": charter + again})


def test_charter_versions_go_from_old_to_new() -> None:
    charter = shipped_texts()["charter.toml"]
    newer = load_pack(SHIPPED).charter
    again = charter[charter.index("[[charter]]") :].replace(
        newer.digest, msgspec.structs.replace(newer, version="1.1").digest_text()
    )
    again = again.replace('version = "1.0"', 'version = "1.1"')
    with pytest.raises(
        BrokenPack, match=r"charter\[2\]\.published_on: versions go from old to new"
    ):
        build_pack(shipped_texts() | {"charter.toml": charter + again})


def test_the_refusal_is_one_of_the_charter_with_a_stable_code() -> None:
    with pytest.raises(CharterError) as refused:
        build_pack({})
    assert refused.value.code == "broken-pack"
