"""A worker process of its own, to be watched from outside and killed."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Process = asyncio.subprocess.Process


@asynccontextmanager
async def working(environment: Mapping[str, str]) -> AsyncIterator[Process]:
    """Run `python -m workers` for the block, however the block ends."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "workers"),
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
