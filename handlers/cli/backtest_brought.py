"""The files of what the feed does not tell, which bring what some bets of a backtest are graded by."""

from itertools import islice
from pathlib import Path

from rich.text import Text

from analytics.backtesting.brought import Brought
from analytics.backtesting.player_results import read_player_results
from analytics.backtesting.regulation_scores import read_regulation_scores
from core.planning.wording import counted
from handlers.cli.output import aside, print_line
from storage.database import Database
from storage.unseen_events import read_unseen_events

_NAMED = 10


def read_brought(player_results: Path | None, regulation_scores: Path | None) -> Brought:
    """Return what these files tell; raises ConfigurationError for one that cannot be read."""
    return Brought(
        players={} if player_results is None else read_player_results(player_results),
        regulation={} if regulation_scores is None else read_regulation_scores(regulation_scores),
    )


async def tell_unseen(database: Database, brought: Brought) -> None:
    """Tell on the side of which events something was brought that are not in the database."""
    if not brought.event_ids:
        return
    async with database.transaction() as connection:
        unseen = await read_unseen_events(connection, brought.event_ids)
    if unseen:
        more = f" and {len(unseen) - _NAMED:,} more" if len(unseen) > _NAMED else ""
        named = f"{', '.join(islice(unseen, _NAMED))}{more}"
        are = "is" if len(unseen) == 1 else "are"
        told = f"{counted(len(unseen), 'event')} that the files tell of {are} not in the database: {named}"
        print_line(Text(told, style="yellow"), on=aside())
