"""What players did, from a file: no feed of odds tells it, so bets on players are graded by what a user brings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from analytics.backtesting.brought_files import Line, lines_of, whole_number
from analytics.backtesting.grading import PlayerNumber, is_prop
from analytics.backtesting.history import PlayerNumbers
from core.errors import ConfigurationError

COLUMNS = ("event_id", "market_key", "player", "number")


def read_player_results(path: Path) -> Mapping[str, PlayerNumbers]:
    """Return what a CSV file tells of players, by event id: a line for each event, market and player.

    Raises:
        ConfigurationError: It cannot be read, lacks a column, or a line of it is not understood.
    """
    return player_results_of(lines_of(path, COLUMNS))


def player_results_of(lines: Iterable[Line]) -> Mapping[str, PlayerNumbers]:
    """Return what lines tell, of which each has the values of `COLUMNS`.

    They are `event_id`, `market_key` (an alternate line's is that of its main line), `player`, named as the
    bookmakers name him, and `number`, a whole one, 1 or 0 where the market is yes or no; empty for one who did not
    play.

    Raises:
        ConfigurationError: One is not understood, or two tell of one player otherwise.
    """
    found: defaultdict[str, dict[tuple[str, str], PlayerNumber]] = defaultdict(dict)
    for where, (event_id, market_key, player, number) in lines:
        if not event_id:
            raise ConfigurationError(f"{where}: no event that {player or 'a player'} played in")
        if not is_prop(market_key) or not player:
            raise ConfigurationError(f"{where}: {market_key or 'no market'} is no market of a player's")
        key = market_key.removesuffix("_alternate"), player
        if found[event_id].setdefault(key, told := _number(number, where)) != told:
            raise ConfigurationError(f"{where}: another number than before of {player}, {market_key}")
    return dict(found)


def _number(text: str, where: str) -> PlayerNumber:
    number = whole_number(text)
    if text and number is None:
        raise ConfigurationError(f"{where}: {text} is no number: a whole one, or nothing for one who did not play")
    return PlayerNumber(number)
