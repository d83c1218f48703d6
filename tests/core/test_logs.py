"""What a reader of the log sees: one JSON line per event, from every library, without secrets."""

import asyncio
import io
import json
import logging
import warnings
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from typing import Any

import pytest
import structlog

from core.errors import ConfigurationError
from core.logs import configure_logging
from core.settings.running import LogSettings

KEY = "sentinel-0123456789abcdef"


@pytest.fixture
def stream() -> io.StringIO:
    """Return where the lines go."""
    return io.StringIO()


def settings(level: str = "INFO", file: Path | None = None) -> LogSettings:
    return LogSettings(LOG_LEVEL=level, LOG_FILE=file)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_r4_an_event_is_one_json_line_with_its_facts(stream: io.StringIO) -> None:
    configure_logging(settings(), stream=stream)
    structlog.get_logger("handlers.fetch").info("odds.ingested", events=12, books=("fanduel", "bovada"))
    [line] = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "odds.ingested",
        "level": "info",
        "logger": "handlers.fetch",
        "events": 12,
        "books": ["fanduel", "bovada"],
    }


@pytest.mark.parametrize("library", ["alembic.runtime.migration", "asyncio", "apscheduler.scheduler"])
def test_other_libraries_log_through_the_same_pipeline(library: str, stream: io.StringIO) -> None:
    configure_logging(settings(), [KEY], stream=stream)
    logging.getLogger(library).warning("refused %s", KEY)
    [line] = lines(stream)
    assert (line["event"], line["logger"], line["level"]) == ("refused ***", library, "warning")


def test_chatty_libraries_are_heard_from_warning_on(stream: io.StringIO) -> None:
    configure_logging(settings("DEBUG"), stream=stream)
    logging.getLogger("botocore.auth").debug("signature")
    logging.getLogger("apscheduler.executors.default").info("job ran")
    assert lines(stream) == []


def test_warnings_are_log_lines_too(stream: io.StringIO) -> None:
    configure_logging(settings(), stream=stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old spelling", DeprecationWarning, stacklevel=1)
    [line] = lines(stream)
    assert (line["logger"], line["level"]) == ("py.warnings", "warning")


def lines_of_one_event(stream: io.StringIO) -> int:
    """Configure the log twice, as a process does that has read its secrets anew; return the lines of one event."""
    configure_logging(settings(), stream=stream)
    configure_logging(settings(), stream=stream)
    structlog.get_logger().info("once")
    return len(lines(stream))


def test_r4_configuring_again_does_not_double_the_lines(stream: io.StringIO) -> None:
    assert lines_of_one_event(stream) == 1


def test_r4_is_seen_to_break_where_what_was_configured_before_is_kept(
    stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def added(*, level: str, handlers: list[logging.Handler], force: bool) -> None:
        del force
        for handler in handlers:
            logging.getLogger().addHandler(handler)
        logging.getLogger().setLevel(level)

    monkeypatch.setattr("core.logs.logging.basicConfig", added)
    assert lines_of_one_event(stream) == 2


def test_r4_is_seen_to_break_where_an_event_is_not_rendered_as_json(
    stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_text = structlog.dev.ConsoleRenderer(colors=False)
    monkeypatch.setattr("core.logs.structlog.processors.JSONRenderer", lambda: as_text)
    configure_logging(settings(), stream=stream)
    structlog.get_logger().info("odds.ingested", events=12)
    with pytest.raises(json.JSONDecodeError):
        lines(stream)


@pytest.mark.parametrize(("level", "heard"), [("DEBUG", 4), ("INFO", 3), ("WARNING", 2), ("ERROR", 1)])
def test_the_level_holds_for_our_lines_and_for_others(level: str, heard: int, stream: io.StringIO) -> None:
    configure_logging(settings(level), stream=stream)
    for logger in (structlog.get_logger("ours"), logging.getLogger("others")):
        for name in ("debug", "info", "warning", "error"):
            getattr(logger, name)("told")
    assert len(lines(stream)) == 2 * heard


def test_facts_bound_to_the_run_are_in_every_line(stream: io.StringIO) -> None:
    configure_logging(settings(), stream=stream)
    with structlog.contextvars.bound_contextvars(run="r-1"):
        structlog.get_logger().info("ours")
        logging.getLogger("others").info("theirs")
    assert [line["run"] for line in lines(stream)] == ["r-1", "r-1"]


def _refuse(key: str) -> None:
    msg = f"no answer from https://api.the-odds-api.com/v4/sports?apiKey={key}"
    raise ConnectionError(msg)


def _fail_with(key: str) -> None:
    try:
        _refuse(key)
    except ConnectionError as error:
        raise RuntimeError(key) from error


@pytest.mark.parametrize("as_json", [True, False], ids=["as JSON", "on a terminal"])
@pytest.mark.parametrize("ours", [True, False], ids=["our logger", "the standard library's"])
def test_a_traceback_is_kept_without_secrets_and_locals(as_json: bool, ours: bool, stream: io.StringIO) -> None:
    configure_logging(settings(), [KEY], as_json=as_json, stream=stream)
    logger = structlog.get_logger("t") if ours else logging.getLogger("t")
    try:
        _fail_with(KEY)
    except RuntimeError:
        logger.exception("run.failed")
    told = stream.getvalue()
    assert "ConnectionError: no answer from https://api.the-odds-api.com/v4/sports?apiKey=***" in told
    assert "_fail_with" in told
    assert KEY not in told
    if as_json:
        assert len(lines(stream)) == 1


async def test_a_failed_task_that_nobody_awaited_is_told_without_secrets(stream: io.StringIO) -> None:
    configure_logging(settings(), [KEY], stream=stream)
    asyncio.get_running_loop().call_exception_handler({"message": "lost", "exception": RuntimeError(KEY)})
    assert lines(stream)[0]["logger"] == "asyncio"
    assert KEY not in stream.getvalue()


@pytest.mark.parametrize(
    "fact",
    [KEY, [KEY], {"deep": {KEY: (KEY,)}}, ValueError(KEY), KEY.encode()],
    ids=lambda fact: type(fact).__name__,
)
def test_a_secret_is_redacted_in_whatever_is_logged(fact: object, stream: io.StringIO) -> None:
    configure_logging(settings(), [KEY], stream=stream)
    structlog.get_logger().info(f"event {KEY}", fact=fact)
    assert KEY not in stream.getvalue()
    assert lines(stream)[0]["event"] == "event ***"


def test_a_line_that_cannot_be_written_is_reported_without_its_content(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    configure_logging(settings(), [KEY], stream=stream)
    stream.close()
    logging.getLogger("t").warning(KEY)
    told = capsys.readouterr().err
    assert "a log line of t could not be written" in told
    assert KEY not in told


def test_a_terminal_gets_text_and_the_file_gets_json(stream: io.StringIO, tmp_path: Path) -> None:
    file = tmp_path / "logs" / "linekeeper.log"
    configure_logging(settings(file=file), [KEY], as_json=False, stream=stream)
    structlog.get_logger().info("odds.ingested", note=KEY)
    assert stream.getvalue().count("\n") == 1
    assert "odds.ingested" in stream.getvalue()
    assert json.loads(file.read_text())["note"] == "***"
    assert KEY not in stream.getvalue()


def test_the_file_is_rotated_daily_in_utc_and_kept_thirty_days(stream: io.StringIO, tmp_path: Path) -> None:
    file = tmp_path / "linekeeper.log"
    for day in range(1, 31):
        (tmp_path / f"linekeeper.log.2025-09-{day:02}").touch()
    configure_logging(settings(file=file), stream=stream)
    [handler] = [h for h in logging.getLogger().handlers if isinstance(h, TimedRotatingFileHandler)]
    assert (handler.when, handler.utc) == ("MIDNIGHT", True)
    structlog.get_logger().info("before midnight")
    handler.doRollover()
    structlog.get_logger().info("after midnight")
    rotated = sorted(path.name for path in tmp_path.glob("linekeeper.log.*"))
    assert len(rotated) == 30
    assert rotated[0] == "linekeeper.log.2025-09-02"
    assert "after midnight" in file.read_text()


def test_a_file_that_cannot_be_written_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(ConfigurationError, match="LOG_FILE"):
        configure_logging(settings(file=tmp_path / "taken" / "linekeeper.log"))


def test_the_returned_redactor_hides_the_same_secrets(stream: io.StringIO) -> None:
    assert configure_logging(settings(), [KEY], stream=stream).text(f"alert {KEY}") == "alert ***"
