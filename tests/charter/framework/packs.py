"""The shipped pack, and copies of its files with one thing changed."""

from charter.framework.pack import PACKS, FrameworkPack, build_pack

SHIPPED = PACKS / "lcr-2025"


def shipped_texts() -> dict[str, str]:
    """Return the shipped pack's files by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in SHIPPED.glob("*.toml")}


def with_change(file: str, old: str, new: str) -> dict[str, str]:
    """Return the shipped files, with the first `old` in `file` written as `new`."""
    texts = shipped_texts()
    assert old in texts[file], f"{file} does not say {old!r}"
    texts[file] = texts[file].replace(old, new, 1)
    return texts


def a_stricter_pack() -> FrameworkPack:
    """Return the pack with suspension after 80 days on the first ladder that leads there."""
    suspended = 'title = "Suspended"\noffset = 90'
    return build_pack(with_change("ladders.toml", suspended, suspended.replace("90", "80")))


def line_with(text: str, words: str) -> int:
    """Return the number of the first line of `text` that holds `words`."""
    return next(n for n, line in enumerate(text.splitlines(), start=1) if words in line)
