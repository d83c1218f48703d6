"""What the commands on a virtual clock share: a log that is quiet unless asked for, and a bar."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from core.config import Settings, load_settings
from core.logs import configure_logging

Advance = Callable[[str, float], None]
"""Called with what has been reached, and with the share of the whole."""


def read_virtual_settings() -> Settings:
    """Return the settings; without LOG_LEVEL nothing is logged, because a virtual week would bury its report.

    Raises:
        ConfigurationError: Some settings are wrong.
    """
    settings = load_settings()
    logging = settings.logging
    if "level" not in logging.model_fields_set:
        logging = logging.model_copy(update={"level": "CRITICAL"})
    configure_logging(logging, settings.secrets())
    return settings


@contextmanager
def progress_bar(console: Console, *, hidden: bool) -> Iterator[Advance]:
    """Yield what moves a bar, which is gone at the end; there is none where the console is no terminal."""
    shown = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        console=console,
        transient=True,
        disable=hidden or not console.is_terminal,
    )
    with shown as bar:
        task = bar.add_task("starting the database", total=1.0)
        yield lambda reached, share: bar.update(task, description=reached, completed=min(share, 1.0))
