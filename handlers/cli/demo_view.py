"""How the report of a demo is shown: about two screens, every figure from what was stored."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.planning.wording import counted, duration_text
from core.tiers import BOUNDARIES, INTERVALS, SAMPLED, Tier
from handlers.cli.demo_backtests import show_backtests
from handlers.cli.demo_games import (
    called_off_lines,
    changed_starts_line,
    game_looks,
    known_odds,
    moves,
    show_tight,
    steam_line,
)
from handlers.cli.output import bytes_text, instant, report, row, table
from handlers.demo_report import DemoReport, FollowedGame
from storage.event_rows import EventRow
from storage.highlights import Look

_WIDEST = 100
_HOUR = timedelta(hours=1)


def show_demo(made: DemoReport, commands: Sequence[str], seconds: float) -> None:
    """Print what a demo collected, what to try next, and how long it all took."""
    console = report()
    console.width = min(console.width, _WIDEST)
    _show_title(console, made)
    _show_plan(console, made)
    _show_closes(console, made)
    if made.followed is not None:
        _show_game(console, made.followed)
    _show_changes(console, made)
    _show_kept(console, made)
    _heading(console, "What it would have brought")
    show_backtests(console, made.backtests)
    _heading(console, "Try next")
    for command in commands:
        console.print(Text(command), soft_wrap=True)
    console.print(f"\n[dim]All of this took {seconds:.0f} seconds.[/]")


def _show_title(console: Console, made: DemoReport) -> None:
    days = counted((made.last_at - made.first_at).days, "day")
    span = f"{instant(made.first_at, made.first_at)} to {instant(made.last_at, made.last_at)} {made.last_at:%Y}"
    console.print(Text.assemble("\n", ("linekeeper", "bold"), f": {days} of {made.sport_title} odds"))
    note = (
        f"{span} UTC, on a virtual clock. The market is simulated (seed {made.seed});"
        " feed client, planner, jobs and Postgres are the ones that collect live."
    )
    console.print(Text(note, "dim"))


def _heading(console: Console, title: str) -> None:
    console.print()
    console.rule(f"[bold cyan]{title}[/]", align="left", style="dim")


def _show_plan(console: Console, made: DemoReport) -> None:
    _heading(console, "It looks when it matters")
    shown = table("tier", "to start", "a look every", "looks", "snapshots", right=("looks", "snapshots"))
    row(shown, "first", None, None, sum(look.tier is None for look in made.looks), None)
    for tier in SAMPLED:
        looks = sum(look.tier == tier for look in made.looks)
        row(shown, tier, _reach(tier), _every(tier), looks, made.snapshots_by_tier.get(tier, 0))
    show_tight(shown, console)
    totals = made.totals
    console.print(
        "[dim]One look brings every game, far ones too; each snapshot counts in its own game's tier. From the"
        " ledger:[/]"
    )
    ledger = Table.grid(padding=(0, 2))
    for look in _telling(made.looks):
        ledger.add_row(Text(f"{look.at:%a %H:%M}"), Text(look.reason))
    console.print(ledger)
    console.print(
        f"[bold]{totals.credits_spent:,} credits[/]: {totals.looks:,} looks at {made.look_cost}, and"
        f" {totals.credits_spent_on_scores:,} for results. A look every half hour: {made.fixed_sampling_looks:,}"
        f" looks, [bold]{made.fixed_sampling_credits:,} credits[/] before any result, and closes up to 30 min old."
    )


def _telling(looks: Sequence[Look]) -> Iterator[Look]:
    """Yield the briefest look of each tier and the briefest last one before a start, in order of time."""
    last = [look for look in looks if look.reason.startswith("last look")]
    of_tiers = [[look for look in looks if look.tier == tier and look not in last] for tier in SAMPLED]
    briefest = [min(found, key=lambda look: len(look.reason)) for found in (*of_tiers, last) if found]
    yield from sorted(briefest, key=lambda look: look.at)


def _reach(tier: Tier) -> str:
    nearer = SAMPLED[SAMPLED.index(tier) + 1 :]
    return f"over {_hours(BOUNDARIES[nearer[0]])}" if nearer else f"under {_hours(BOUNDARIES[tier])}"


def _every(tier: Tier) -> str:
    interval = INTERVALS[tier]
    return _hours(interval) if interval >= _HOUR else duration_text(interval)


def _hours(duration: timedelta) -> str:
    return f"{duration // _HOUR} h"


def _show_closes(console: Console, made: DemoReport) -> None:
    _heading(console, "It is there at the close")
    if not made.last_games:
        console.print("No game started and ended in these days.")
        return
    newest = f"the last {counted(len(made.last_games), 'game')}"
    shown = table("start", "last look", "result", newest, right=("last look", "result"))
    for game in made.last_games:
        age = game.close.age
        seen = Text("none", "red") if age is None else Text(f"-{duration_text(age)}", "green")
        row(shown, f"{game.close.commence_time:%a %H:%M}", seen, _result(game.event), _label(game.event))
    show_tight(shown, console)
    closing = made.closing
    told = f"[bold]{closing.events - closing.missed} of {closing.events}[/] games looked at in their last hour"
    if closing.median_minutes is not None and closing.worst_minutes is not None:
        told += (
            f": median [bold]{closing.median_minutes:.0f} min[/] before the start,"
            f" farthest {closing.worst_minutes:.0f} min"
        )
    in_play = made.snapshots_by_tier.get(Tier.IN_PLAY, 0)
    console.print(f"{told}. Of {counted(in_play, 'listing')} in play, {made.in_play_quotes} prices were taken.")


def _result(event: EventRow) -> str:
    return f"{event.away_score}-{event.home_score}"


def _label(event: EventRow) -> str:
    return f"{event.away_team} at {event.home_team}"


def _show_game(console: Console, game: FollowedGame) -> None:
    _heading(console, "One game, followed")
    event = game.event
    console.print(
        Text.assemble((_label(event), "bold"), f", {event.scheduled_commence_time:%a %H:%M}, {_result(event)}")
    )
    show_tight(game_looks(game.looks), console)
    console.print(
        "[dim]What was known at an instant, by[/] odds_at(event, at)[dim]; the spread is the home team's.[/]"
    )
    show_tight(known_odds(game), console)


def _show_changes(console: Console, made: DemoReport) -> None:
    _heading(console, "What moved")
    if made.largest_moves:
        show_tight(moves(made.largest_moves), console)
    moved = changed_starts_line(made.changed_starts, made.last_games)
    lines = (steam_line(made.steam), moved, *called_off_lines(made.called_off))
    for line in lines:
        if line is not None:
            console.print(line)


def _show_kept(console: Console, made: DemoReport) -> None:
    _heading(console, "What is kept")
    totals, sizes = made.totals, made.sizes
    share = f" ({totals.quotes_stored / totals.quotes_seen:.0%})" if totals.quotes_seen else ""
    console.print(
        f"[bold]{totals.quotes_seen:,} quotes seen, {totals.quotes_stored:,} rows kept[/]{share}: a row is a price"
        f" that changed. They take {bytes_text(sizes.quotes_bytes)} with their indexes. Every listing is kept as"
        f" raw JSON too: {bytes_text(made.bytes_received)} received, {bytes_text(sizes.raw_json_bytes)} on disk."
    )
