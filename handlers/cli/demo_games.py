"""How the games of a demo are shown: one followed closely, and what moved in the others."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.planning.wording import counted, duration_text
from handlers.cli.fitting import fitting
from handlers.cli.output import instant, row, table
from handlers.demo_report import AS_OF, SHARP_BOOKMAKER, FinishedGame, FollowedGame
from storage.highlights import CalledOff, ChangedStart, EventLook, OpenToClose, Steam
from storage.readers import OddsRow

_LOOKS_SHOWN = 4
_MINUTE = timedelta(minutes=1)
_MARKETS = {"spreads": "spread", "totals": "total"}


def show_tight(made: Table, console: Console) -> None:
    """Print a table without an empty line above and below."""
    for part in fitting(made, console.width):
        console.print(part)


def game_looks(looks: Sequence[EventLook]) -> Table:
    """Return a game's looks by tier, each with how long before the start it came; the last tier in full."""
    shown = table("tier", "looks", "hours before the start", right=("looks",))
    tiers = [(tier, list(of_tier)) for tier, of_tier in groupby(looks, key=lambda look: look.tier)]
    for place, (tier, of_tier) in enumerate(tiers, start=1):
        times = [_hours_and_minutes(look.before_start) for look in of_tier]
        if place < len(tiers) and len(times) > _LOOKS_SHOWN:
            times = [*times[: _LOOKS_SHOWN - 1], "…", times[-1]]
        row(shown, tier, len(of_tier), "  ".join(times))
    return shown


def known_odds(game: FollowedGame) -> Table:
    """Return what was known of a game at two instants: the home spread and the total at every bookmaker."""
    then = f"{duration_text(AS_OF)} before"
    shown = table("", f"spread {then}", "at close", f"total {then}", "at close")
    home = game.event.home_team or ""
    wanted = [("spreads", home), ("spreads", home), ("totals", "Over"), ("totals", "Over")]
    sources = [game.earlier, game.close, game.earlier, game.close]
    keys = sorted({line.bookmaker_key for line in game.close}, key=lambda key: (key != SHARP_BOOKMAKER, key))
    for key in keys:
        cells = [_quote(rows, key, *market) for rows, market in zip(sources, wanted, strict=True)]
        for before, after in ((0, 1), (2, 3)):
            if cells[before].plain != cells[after].plain:
                cells[after].stylize("bold")
        row(shown, _title(game.close, key), *cells)
    return shown


def moves(largest: Sequence[OpenToClose]) -> Table:
    """Return the lines that moved farthest from opening to close."""
    shown = table("", "open", "close", "opened", "the largest, at Pinnacle", right=("open", "close", "opened"))
    for move in largest:
        label = f"{move.away_team} at {move.home_team}"
        first = f"-{duration_text(move.opened_before_start)}"
        points = (_point(move.market_key, point) for point in (move.opening_point, move.closing_point))
        row(shown, _MARKETS[move.market_key], *points, first, label)
    return shown


def steam_line(steam: Steam | None) -> Text | None:
    """Return a sentence about a line that several bookmakers moved together."""
    if steam is None:
        return None
    market = _MARKETS[steam.market_key]
    points = [_point(steam.market_key, point) for point in (steam.point_before, steam.point)]
    return Text.assemble(
        ("Steam", "bold"),
        f": {counted(steam.bookmaker_count, 'bookmaker')} moved the {market} of {steam.away_team} at"
        f" {steam.home_team} from {points[0]} to {points[1]} between {steam.look_before:%a %H:%M} and"
        f" {steam.at:%a %H:%M}.",
    )


def changed_starts_line(changes: Sequence[ChangedStart], games: Iterable[FinishedGame]) -> Text | None:
    """Return a sentence about the starts that were moved, with the one that moved farthest among these games."""
    if not changes:
        return None
    last_look = {game.event.id: game.close.age for game in games if game.close.age is not None}
    played = [change for change in changes if change.event_id in last_look]
    told = Text.assemble(
        ("Moved starts", "bold"),
        f": {counted(len(changes), 'start')} moved, and the plan with each.",
    )
    if played:
        far = max(played, key=lambda change: abs(change.commence_time - change.before))
        told.append(
            f" {far.away_team} at {far.home_team} went from {far.before:%H:%M} to {far.commence_time:%H:%M},"
            f" seen {instant(far.seen_at, far.seen_at)}; the last look came"
            f" {duration_text(last_look[far.event_id])} before."
        )
    return told


def called_off_lines(called_off: Iterable[CalledOff]) -> Iterator[Text]:
    """Yield a sentence about each game that was found to be postponed or cancelled."""
    for one in called_off:
        yield Text.assemble(
            (one.status.capitalize(), "bold"),
            f": {one.away_team} at {one.home_team}, {instant(one.at, one.at)}: {one.reason}.",
        )


def _hours_and_minutes(duration: timedelta) -> str:
    hours, minutes = divmod(duration // _MINUTE, 60)
    return f"{hours}:{minutes:02}"


def _quote(rows: Sequence[OddsRow], bookmaker_key: str, market_key: str, outcome_name: str) -> Text:
    wanted = (bookmaker_key, market_key, outcome_name)
    for one in rows:
        if (one.bookmaker_key, one.market_key, one.outcome_name) == wanted and one.point is not None:
            return Text(f"{_point(market_key, one.point):>5} {one.price:+d}")
    return Text("-")


def _point(market_key: str, point: float) -> str:
    return f"{point:+g}" if market_key == "spreads" and point else f"{point:g}"


def _title(rows: Sequence[OddsRow], bookmaker_key: str) -> str:
    return next(one.bookmaker_title for one in rows if one.bookmaker_key == bookmaker_key)
