"""Runs a worker until the process is asked to stop: `python -m workers`, or `registry work`."""

import asyncio
import signal

import uvloop

from registry.settings import load_settings
from workers.main import run_worker


async def main() -> None:
    """Look after the registry of the environment's settings. Raises SettingsRefused."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    await run_worker(load_settings(), stop=stop)


if __name__ == "__main__":
    uvloop.run(main())
