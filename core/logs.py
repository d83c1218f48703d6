"""Where log lines go and how they look: a JSON object each, or text on a terminal, without secrets."""

import logging
import sys
from collections.abc import Iterable
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor

from core.errors import ConfigurationError
from core.redaction import Redactor
from core.settings.running import LogSettings

_DAYS_KEPT = 30
_CHATTY = ("aiohttp.access", "alembic", "apscheduler", "boto3", "botocore", "urllib3")


class _FailsInOneLine(logging.Handler):
    """A handler that, where it fails, names the logger alone: the default repeats the event, secrets included."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """Say on standard error that a line was lost."""
        if sys.stderr:
            sys.stderr.write(f"a log line of {record.name} could not be written: {sys.exc_info()[0]}\n")


class _StreamHandler(_FailsInOneLine, logging.StreamHandler[TextIO]):
    pass


class _RotatedFileHandler(_FailsInOneLine, TimedRotatingFileHandler):
    pass


def configure_logging(
    settings: LogSettings,
    secrets: Iterable[str] = (),
    *,
    as_json: bool | None = None,
    stream: TextIO | None = None,
) -> Redactor:
    """Send every log line, the standard library's too, through one pipeline, and return its redactor.

    Lines go to `stream` (standard error by default) and, with a file in the settings, to that file as JSON.
    Handlers that were there before are removed, so that no line comes twice.

    Args:
        settings: The level, and perhaps a file: rotated at midnight UTC, kept 30 days.
        secrets: Literal texts that no line may contain.
        as_json: Whether the stream gets JSON; by default unless it is a terminal.
        stream: Where lines go instead of standard error.

    Raises:
        ConfigurationError: The log file cannot be written.
    """
    target = stream if stream is not None else sys.stderr
    redactor = Redactor(secrets)
    console = _StreamHandler(target)
    console.setFormatter(_formatter(redactor, _stream_renderer(target, as_json)))
    handlers: list[logging.Handler] = [console]
    if settings.file is not None:
        handlers.append(_file_handler(settings.file, redactor))
    logging.basicConfig(level=settings.level, handlers=handlers, force=True)
    logging.captureWarnings(capture=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[settings.level]))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    return redactor


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _stream_renderer(target: TextIO, as_json: bool | None) -> Processor:
    is_terminal = target.isatty()
    if as_json or (as_json is None and not is_terminal):
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=is_terminal, exception_formatter=structlog.dev.plain_traceback)


def _formatter(redactor: Redactor, renderer: Processor) -> logging.Formatter:
    def redact(_logger: object, _method: str, event: EventDict) -> EventDict:
        return redactor.mapping(event)

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact,
            renderer,
        ],
    )


def _file_handler(path: Path, redactor: Redactor) -> logging.Handler:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _RotatedFileHandler(path, when="midnight", utc=True, backupCount=_DAYS_KEPT, encoding="utf-8")
    except OSError as error:
        msg = f"LOG_FILE={str(path)!r} cannot be written: {error.strerror}"
        raise ConfigurationError(msg) from error
    handler.setFormatter(_formatter(redactor, structlog.processors.JSONRenderer()))
    return handler
