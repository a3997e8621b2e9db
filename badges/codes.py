"""Badge and placement codes: short enough to type from a door, and a slip of the finger shows.

A badge code is nine random characters of Crockford's base32 and one check character;
a placement code is four random ones. Both are matched without regard to case, with the
letter O read as zero and I and L as one.
"""

from typing import Final

from charter.chance import CROCKFORD, Chance, draw_crockford

RANDOM_CHARACTERS: Final = 9
CODE_LENGTH: Final = RANDOM_CHARACTERS + 1
PLACEMENT_LENGTH: Final = 4

_FIELD: Final = 0b100101
"""The polynomial x^5 + x^2 + 1, over which 32 characters form a field."""

_READ_AS: Final = str.maketrans("oil", "011", " -\u00a0\u2010\u2011")
_VALUES: Final = {character: value for value, character in enumerate(CROCKFORD)}


class MistypedCode(ValueError):
    """What was typed cannot be a code: a character is wrong, missing or too many."""


def draw_badge_code(chance: Chance) -> str:
    """Return a new badge code."""
    drawn = draw_crockford(chance, RANDOM_CHARACTERS)
    return drawn + _check_character(drawn)


def draw_placement_code(chance: Chance) -> str:
    """Return a new placement code."""
    return draw_crockford(chance, PLACEMENT_LENGTH)


def read_badge_code(typed: str) -> str:
    """Return the code that was meant by `typed`; raises MistypedCode where the check fails."""
    code = _read(typed, CODE_LENGTH)
    if code[-1] != _check_character(code[:-1]):
        raise MistypedCode("This code has a slip in it. Check each character.")
    return code


def read_placement_code(typed: str) -> str:
    """Return the placement code that was meant by `typed`; raises MistypedCode."""
    return _read(typed, PLACEMENT_LENGTH)


def spaced(code: str) -> str:
    """Return `code` in groups of five, as it is printed for people to type."""
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


def _read(typed: str, length: int) -> str:
    code = typed.lower().translate(_READ_AS)
    if len(code) != length:
        raise MistypedCode(f"This code must have {length} characters. It has {len(code)}.")
    if any(character not in _VALUES for character in code):
        raise MistypedCode("This code has a character that codes never use.")
    return code


def _check_character(drawn: str) -> str:
    """Return the sum of the characters, each weighted by another power of x.

    The weights all differ, so any one wrong character and any two exchanged ones change it.
    """
    total = 0
    for character in drawn:
        total = _times_x(total ^ _VALUES[character])
    return CROCKFORD[total]


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD if doubled & 0b100000 else doubled
