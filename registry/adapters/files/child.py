"""The child process: cleans one file and prints one line of JSON about it.

`python -m registry.adapters.files.child ORIGINAL TARGET NAME`
"""

import json
import sys
from pathlib import Path

from registry.adapters.files.jail import enter_jail
from registry.adapters.files.kinds import RefusalCode, Refused


def main(original: str, target: str, name: str) -> None:
    """Clean `original` into `target` and say which kind it was, or why it is refused."""
    enter_jail()
    from registry.adapters.files.cleaning import clean  # noqa: PLC0415 parsers load in the jail

    verdict: dict[str, str]
    try:
        verdict = {"kind": clean(Path(original), Path(target), name=name)}
    except Refused as refused:
        verdict = {"refused": refused.code}
    except Exception as fault:  # noqa: BLE001 a parser may fail in any way it likes
        sys.stderr.write(f"{type(fault).__name__}\n")
        verdict = {"refused": RefusalCode.UNREADABLE}
    sys.stdout.write(json.dumps(verdict) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
