"""Builds what pages are dressed in from the packages that npm brought: `make assets`.

GOV.UK Frontend is free to use off gov.uk except for what makes a site look like the government's:
its typeface, its crown and crest, its icons. None of these may reach a reader, so they are taken
out of the files, not covered up, and the build is refused where anything of them is left.
"""

import json
import re
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

STATIC = Path(__file__).parent / "web" / "static"
"""The folder that is sent to readers; `govuk` and `fonts` in it are made here."""

PACKAGE = "govuk-frontend"
VERSION = "6.3.0"
"""The release whose markup the macros of govuk-frontend-jinja 4.1.0 write, to the letter."""

FONT_STACK = 'var(--app-font, "Noto Sans", Arial, sans-serif)'
"""What stands in every rule where the government's typeface stood; /theme.css may set it."""

FONTS = ("atkinson-hyperlegible", "noto-sans")
WEIGHTS = (400, 700)
"""The fonts that a hub can choose, and the weights that the style sheet asks for."""

REPLACEMENTS: Mapping[str, str] = {
    r"/\*! Copyright \(c\) 2011 by Margaret Calvert.*?\*/": "",
    r"@font-face\{font-family:GDS Transport;[^}]*\}": "",
    r"(?<=font-family:)GDS Transport(?:,[^;}]*)?(?=[;}])": FONT_STACK,
    r"url\(/assets/images/govuk-crest\.svg\)": "none",
    r"\.govuk-footer__crown\{[^}]*\}": "",
    r"/\*# sourceMappingURL=\S+ \*/\s*": "",
}
"""Each pattern in the precompiled style sheet, and what takes its place."""

FORBIDDEN = ("gds transport", "crown", "crest", "/assets/", "@font-face")
"""What must not be left in any file that is sent; case does not matter."""


SCANNED = frozenset(
    {
        *("govuk-template", "govuk-template__body", "govuk-template__header", "govuk-skip-link"),
        *("govuk-generic-header", "govuk-generic-header__container"),
        *("govuk-generic-header__logo", "govuk-generic-header__homepage-link"),
        *("govuk-generic-header__logotype", "govuk-generic-header__container--full-width"),
        *("govuk-width-container", "govuk-main-wrapper", "govuk-grid-row"),
        *("govuk-grid-column-two-thirds", "govuk-heading-l", "govuk-heading-m", "govuk-body"),
        *("govuk-body-l", "govuk-link", "govuk-button", "govuk-button--secondary", "govuk-list"),
        *("govuk-list--bullet", "govuk-table", "govuk-table__head", "govuk-table__body"),
        *("govuk-table__row", "govuk-table__header", "govuk-table__cell", "govuk-details"),
        *("govuk-details__summary", "govuk-details__summary-text", "govuk-details__text"),
        *("govuk-visually-hidden", "govuk-visually-hidden-focusable", "govuk-label"),
        *("govuk-form-group", "govuk-input", "govuk-input--width-20", "govuk-footer"),
        *("govuk-footer__inline-list", "govuk-footer__inline-list-item", "govuk-footer__link"),
        *("govuk-\\!-margin-bottom-0", "govuk-\\!-margin-bottom-1"),
        *("\\:focus", "\\:hover", "\\:active"),
    }
)
"""The classes of the pages behind a QR code, which come with their own small style sheet."""


class AssetsRefused(Exception):
    """The packages are not those that the pages were written for."""


def build_assets(packages: Path, static: Path = STATIC) -> dict[str, str]:
    """Write style sheet, script and fonts below `static`; return the digest of each file.

    `packages` is the folder `node_modules`. Raises AssetsRefused.
    """
    govuk, fonts = _emptied(static / "govuk"), _emptied(static / "fonts")
    source = packages / PACKAGE
    _require_version(source)
    built = source / "dist" / "govuk"
    style = without_government(read(built / "govuk-frontend.min.css"))
    script = read(built / "govuk-frontend.min.js")
    (govuk / "govuk-frontend.min.css").write_text(style, encoding="utf-8")
    (govuk / "scan.css").write_text(only_for(style, SCANNED), encoding="utf-8")
    (govuk / "govuk-frontend.min.js").write_text(without_source_map(script), encoding="utf-8")
    for name in FONTS:
        _write_font(packages / "@fontsource" / name, name, fonts)
    digests = {
        str(path.relative_to(static)): sha256(path.read_bytes()).hexdigest()
        for folder in (govuk, fonts)
        for path in sorted(folder.iterdir())
    }
    record = {"package": PACKAGE, "version": VERSION, "sha256": digests}
    (govuk / "assets.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return digests


def without_government(style: str) -> str:
    """Return the style sheet in the hub's own font, without the marks of the government.

    Raises AssetsRefused where a pattern is found nowhere, or where something is left over.
    """
    for pattern, replacement in REPLACEMENTS.items():
        style, count = re.subn(pattern, replacement, style, flags=re.DOTALL)
        if count == 0:
            raise AssetsRefused(f"nothing in the style sheet looks like {pattern}")
    left = [word for word in FORBIDDEN if word in style.lower()]
    if left:
        raise AssetsRefused(f"the style sheet still holds {', '.join(left)}")
    return style


def only_for(style: str, classes: Collection[str]) -> str:
    """Return the rules of a minified style sheet whose selectors name none but `classes`."""
    kept = []
    for prelude, body in _blocks(style):
        if prelude.startswith(("@media", "@supports")):
            inside = only_for(body, classes)
            kept += [f"{prelude}{{{inside}}}"] if inside else []
        elif not prelude.startswith("@"):
            named = ",".join(_selectors_of(prelude, classes))
            kept += [f"{named}{{{body}}}"] if named else []
    return "".join(kept)


def _blocks(style: str) -> Iterator[tuple[str, str]]:
    """Return each outermost block of a style sheet: what stands before its braces, and inside."""
    begun, opened, depth = 0, 0, 0
    for at, character in enumerate(style):
        if character == "{":
            opened = opened if depth else at
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                prelude = style[begun:opened].rpartition(";")[2].rpartition("*/")[2]
                yield prelude.strip(), style[opened + 1 : at]
                begun = at + 1


def _selectors_of(prelude: str, classes: Collection[str]) -> list[str]:
    apart = re.split(r",(?![^(]*\))", prelude)
    return [one for one in apart if set(_CLASS.findall(one)) <= set(classes)]


_CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")


def without_source_map(script: str) -> str:
    """Return the script without the line that names a file nobody is sent."""
    return re.sub(r"//# sourceMappingURL=\S+\s*$", "\n", script)


def font_faces(style: str) -> str:
    """Return the rules of a font package, with woff2 files beside the style sheet."""
    return re.sub(
        r"url\(\./files/([^)]+\.woff2)\) format\('woff2'\), url\([^;]+;", r"url(\1);", style
    )


def read(path: Path) -> str:
    """Return the text of one file of a package. Raises AssetsRefused where it is missing."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AssetsRefused(f"{path} is missing; run `make assets`") from None


def _require_version(source: Path) -> None:
    found = json.loads(read(source / "package.json"))["version"]
    if found != VERSION:
        raise AssetsRefused(f"{PACKAGE} is {found}, and the macros are written for {VERSION}")


def _write_font(package: Path, name: str, fonts: Path) -> None:
    style = "\n".join(font_faces(read(package / f"{weight}.css")) for weight in WEIGHTS)
    (fonts / f"{name}.css").write_text(style, encoding="utf-8")
    (fonts / f"{name}.LICENSE.txt").write_text(read(package / "LICENSE"), encoding="utf-8")
    for file in re.findall(r"url\(([^)]+)\)", style):
        shutil.copyfile(package / "files" / file, fonts / file)


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def main() -> None:
    """Build from the folder `node_modules` here. Ends with a sentence where that is refused."""
    try:
        digests = build_assets(Path("node_modules"))
    except AssetsRefused as refusal:
        sys.exit(str(refusal))
    sys.stdout.write(f"{len(digests)} assets built from {PACKAGE} {VERSION}.\n")


if __name__ == "__main__":
    main()
