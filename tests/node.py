"""Node for tests: the machine's own, or the one that `make` brings inside a wheel."""

import fcntl
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NPM = Path(__file__).parents[1] / ".ci" / "npm"
BESIDE = Path(sys.executable).parent
"""Where the wheel puts node: beside this very Python."""

CAREFULLY = ("--silent", "--no-audit", "--no-fund", "--ignore-scripts")


@cache
def run_in(folder: Path) -> tuple[str, ...] | None:
    """Return the command that runs Node with the packages of `folder`, installed where missing.

    None where no Node can be had or the packages cannot be brought. Test processes that ask at
    once wait for each other.
    """
    with (folder / "package.json").open() as asked:
        fcntl.flock(asked, fcntl.LOCK_EX)
        if not (folder / "node_modules" / ".package-lock.json").exists():
            install = [str(NPM), "ci", *CAREFULLY]
            done = subprocess.run(install, cwd=folder, check=False, timeout=240)  # noqa: S603 - a fixed command
            if done.returncode:
                return None
    node = shutil.which("node", path=os.pathsep.join((os.environ["PATH"], str(BESIDE))))
    return (node,) if node else None
