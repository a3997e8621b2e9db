"""What readers are sent looks like the hub's own, and nothing of the government's is in it."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from registry.assets import (
    FONTS,
    FORBIDDEN,
    STATIC,
    VERSION,
    AssetsRefused,
    build_assets,
    without_government,
)
from registry.settings import FONTS as FONTS_TO_CHOOSE

REPOSITORY = Path(__file__).parents[2]
PACKAGES = REPOSITORY / "node_modules"
SENT = sorted(path for folder in ("govuk", "fonts") for path in (STATIC / folder).glob("*"))

built = pytest.mark.skipif(not SENT, reason="the assets are not built: run `make assets`")


@built
def test_the_style_sheet_names_neither_typeface_nor_crown() -> None:
    for path in (STATIC / "govuk").glob("*.min.*"):
        text = path.read_text().lower()
        assert [word for word in FORBIDDEN if word in text] == [], path.name


@built
def test_every_rule_of_text_takes_the_hubs_font() -> None:
    style = (STATIC / "govuk" / "govuk-frontend.min.css").read_text()
    assert style.count("font-family:var(--app-font,") > 50
    assert style.count("{") == style.count("}")
    assert f'--govuk-frontend-version:"{VERSION}"' in style


@built
def test_no_icon_picture_or_typeface_of_the_government_is_sent() -> None:
    suffixes = {path.suffix for path in SENT}
    assert suffixes <= {".css", ".js", ".json", ".woff2", ".txt"}
    typefaces = [path.name for path in SENT if path.suffix == ".woff2"]
    assert typefaces
    assert all(name.startswith(FONTS) for name in typefaces)


@built
def test_the_record_tells_version_and_digest_of_every_file() -> None:
    record = json.loads((STATIC / "govuk" / "assets.json").read_text())
    assert record["version"] == VERSION
    for name, digest in record["sha256"].items():
        assert sha256((STATIC / name).read_bytes()).hexdigest() == digest
    assert len(record["sha256"]) == len(SENT) - 1


@built
@pytest.mark.skipif(not PACKAGES.exists(), reason="the packages are gone: run `make assets`")
def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    record = json.loads((STATIC / "govuk" / "assets.json").read_text())
    assert build_assets(PACKAGES, tmp_path) == record["sha256"]


def test_every_font_that_a_hub_can_choose_is_built_or_the_readers_own() -> None:
    assert {*FONTS, "system"} == set(FONTS_TO_CHOOSE)


def test_a_style_sheet_of_another_make_is_refused() -> None:
    with pytest.raises(AssetsRefused, match="nothing in the style sheet looks like"):
        without_government("body{font-family:serif}")


def test_packages_that_are_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(AssetsRefused, match="is missing"):
        build_assets(tmp_path / "node_modules", tmp_path / "static")


def test_another_version_than_the_macros_were_written_for_is_refused(tmp_path: Path) -> None:
    package = tmp_path / "node_modules" / "govuk-frontend"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"version": "6.6.0"}')
    with pytest.raises(AssetsRefused, match=r"6\.6\.0"):
        build_assets(tmp_path / "node_modules", tmp_path / "static")


def test_the_package_lock_pins_exactly_and_names_no_host() -> None:
    lock = (REPOSITORY / "package-lock.json").read_text()
    packages = json.loads(lock)["packages"]
    wanted = packages[""]["devDependencies"]
    assert "://" not in lock
    assert "resolved" not in lock
    assert wanted["govuk-frontend"] == VERSION
    for name, version in wanted.items():
        pinned = packages[f"node_modules/{name}"]
        assert pinned["version"] == version
        assert pinned["integrity"].startswith("sha512-")
    assert "omit-lockfile-registry-resolved=true" in (REPOSITORY / ".npmrc").read_text()
