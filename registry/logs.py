"""What is written to the log, and what never is: no bodies, no addresses, no local variables."""

import logging
import sys

import structlog
from structlog.typing import Processor

from registry.settings import Settings

TALKATIVE = ("httpx", "httpx2", "httpcore", "httpcore2", "asyncio")
"""Libraries that log whole addresses, which may hold a code."""


def write_logs(settings: Settings) -> None:
    """Write one line per event to standard error, as JSON or as text."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    as_text = settings.log_format == "text"
    last: tuple[Processor, ...] = (
        (
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        )
        if as_text
        else (structlog.processors.format_exc_info, structlog.processors.JSONRenderer())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            getattr(logging, settings.log_level.upper())
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
