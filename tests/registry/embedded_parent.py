"""A program that runs the embedded services until its standard input ends, for tests to kill.

It needs nothing but the standard library and the two wheels, so any interpreter can run it.
"""

import os
import sys
from pathlib import Path

from registry.embedded import embedded_services


def main() -> None:
    """Start on the folder named by the first argument, print user and addresses, and wait."""
    with embedded_services(Path(sys.argv[1]), durable=False) as services:
        told = (os.geteuid(), services.owner_url, services.redis_url)
        print(*told, flush=True)  # noqa: T201  # read by the test over a pipe
        sys.stdin.read()


if __name__ == "__main__":
    main()
