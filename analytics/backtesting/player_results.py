"""What players did, from a file: no feed of odds tells it, so bets on players are graded by what a user brings."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from analytics.backtesting.grading import PlayerNumber, is_prop
from analytics.backtesting.history import PlayerNumbers
from core.errors import ConfigurationError

_MOST_DIGITS = 6
COLUMNS = ("event_id", "market_key", "player", "number")

PlayerResults = Mapping[str, PlayerNumbers]
"""What players did, by event id."""


def read_player_results(path: Path) -> PlayerResults:
    """Return what a CSV file tells of players: a line for each event, market and player.

    Its columns are `event_id`, `market_key` (an alternate line's is that of its main line), `player`, named as the
    bookmakers name him, and `number`, a whole one, 1 or 0 where the market is yes or no; empty for one who did not
    play.

    Raises:
        ConfigurationError: It cannot be read, lacks a column, or a line of it is not understood.
    """
    found: defaultdict[str, dict[tuple[str, str], PlayerNumber]] = defaultdict(dict)
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (lines.fieldnames or ())]
            if missing:
                raise ConfigurationError(
                    f"{path}: no column {', '.join(missing)}: {', '.join(COLUMNS)} are needed"
                )
            for line in lines:
                event_id, market_key, player, number = (str(line[name] or "").strip() for name in COLUMNS)
                where = f"{path}, line {lines.line_num}"
                if not is_prop(market_key) or not player:
                    raise ConfigurationError(f"{where}: {market_key or 'no market'} is no market of a player's")
                key = market_key.removesuffix("_alternate"), player
                if found[event_id].setdefault(key, told := _number(number, where)) != told:
                    raise ConfigurationError(f"{where}: another number than before of {player}, {market_key}")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(f"{path}: cannot be read: {error}") from error
    return dict(found)


def _number(text: str, where: str) -> PlayerNumber:
    if not text:
        return PlayerNumber(None)
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise ConfigurationError(f"{where}: {text} is no number: a whole one, or nothing for one who did not play")
    return PlayerNumber(int(text))
