"""A web process as it starts: what it holds, and what it goes without."""

import json
import subprocess
import sys

STARTED = """
import json, sys
from registry.serving import application
application()
print(json.dumps([name for name in %r if sys.modules.get(name)]))
"""

TOOLS = ("rich", "pygments", "PIL", "black.linegen", "holidays", "pyoxigraph", "typst", "pikepdf")


def test_a_web_process_starts_without_what_no_page_needs() -> None:
    started = subprocess.run(  # noqa: S603 - a fixed command
        [sys.executable, "-c", STARTED % (TOOLS,)],
        env={"REGISTRY_ENVIRONMENT": "development", "REGISTRY_SECRET": "long enough " * 4},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert json.loads(started.stdout) == []
