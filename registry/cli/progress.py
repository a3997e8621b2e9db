"""Telling how far a long task has come: in place on a terminal, else a line now and then."""

import sys
import time
from collections.abc import Callable

import click

EVERY_SECONDS = 4.0
"""The longest silence, where each step is shorter than this."""

ON_TERMINAL_SECONDS = 0.2


class Progress:
    """A task with a known number of steps."""

    def __init__(self, title: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._title = title
        self._monotonic = monotonic
        self._begun = monotonic()
        self._in_place = sys.stdout.isatty()
        self._told = -EVERY_SECONDS + self._begun

    def tell(self, done: int, of: int, where: str) -> None:
        """Say how many steps are done, if enough time has passed since the last word."""
        now = self._monotonic()
        pause = ON_TERMINAL_SECONDS if self._in_place else EVERY_SECONDS
        if now - self._told < pause and done < of:
            return
        self._told = now
        line = f"{self._title}: {done * 100 // of:3} %  {where}  ({now - self._begun:.0f} s)"
        click.echo(f"\r{line:<70}" if self._in_place else line, nl=not self._in_place)

    def end(self) -> None:
        """Say how long it took."""
        seconds = self._monotonic() - self._begun
        click.echo(("\n" if self._in_place else "") + f"{self._title} took {seconds:.0f} s.")
