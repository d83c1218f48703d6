"""How the report of a replay is shown."""

from collections.abc import Mapping
from datetime import datetime

from rich.markup import escape
from rich.table import Table

from core.planning.wording import counted
from handlers.cli.next_steps import prepared
from handlers.cli.output import bytes_text, instant, report
from handlers.replay_report import ClosingCoverage, ReplayReport


def show_replay(made: ReplayReport, *, embedded: bool) -> None:
    """Print what a replay collected, and how to look at it."""
    console = report()
    way = "with every recorded answer" if made.every_snapshot else "by its own schedule"
    console.print(
        f"\n[bold]{escape(made.sport_key)}[/] replayed {way}\n"
        f"{_day(made.first_at)} to {_day(made.last_at)}, on a virtual clock (UTC)\n"
    )
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="bold", no_wrap=True)
    facts.add_column(overflow="fold")
    for name, text in _facts(made):
        facts.add_row(name, escape(text))
    console.print(facts)
    console.print("\n[bold]Try next[/]")
    for line in prepared(next_commands(None if embedded else made.database_url), own_server=not embedded):
        console.print(f"  {escape(line)}", soft_wrap=True)


def next_commands(own_url: str | None) -> list[str]:
    """Return commands that look at what a replay stored; `own_url` is its URL on a server of the user's own."""
    if own_url is not None:
        return [
            f'psql "{own_url}"',
            f'DATABASE_URL="{own_url}" odds status show',
        ]
    return [
        "odds db psql linekeeper_replay",
        'odds db psql linekeeper_replay -c "SELECT * FROM closing_lines LIMIT 10"',
        'odds db psql linekeeper_replay -c "SELECT * FROM line_movement WHERE abs(point_change) >= 3"',
        'DATABASE_URL="$(odds db url linekeeper_replay)" odds status show',
    ]


def _facts(made: ReplayReport) -> list[tuple[str, str]]:
    totals, sizes = made.totals, made.sizes
    share_stored = f" ({totals.quotes_stored / totals.quotes_seen:.1%})" if totals.quotes_seen else ""
    return [
        *_looks(made),
        ("games", f"{totals.events:,}: {_listed(made.statuses)}"),
        ("snapshots", f"{totals.snapshots:,}, one for each game and answer"),
        (
            "quotes",
            f"{totals.quotes_seen:,} seen, {totals.quotes_stored:,} stored as changes{share_stored},"
            f" {totals.withdrawals:,} of them withdrawals",
        ),
        *_bytes(made),
        ("raw JSON", bytes_text(sizes.raw_json_bytes)),
        ("closes", closing_text(made.closing)),
        ("issues", f"{totals.issues:,} found with the data, {totals.open_issues:,} still open"),
        *([("runs", _listed(made.runs))] if made.runs else []),
    ]


def _looks(made: ReplayReport) -> list[tuple[str, str]]:
    totals = made.totals
    if made.every_snapshot:
        return [("answers", f"{totals.looks:,} stored, each at its own fetch time")]
    share = made.share_of_fixed_sampling
    of_fixed = (
        f", {share:.1%} of the {made.fixed_sampling_looks:,} of a look every half hour"
        if share is not None
        else ""
    )
    on_scores = totals.credits_spent_on_scores
    on_odds = totals.credits_spent - on_scores
    fixed_credits = made.fixed_sampling_looks * made.look_cost
    return [
        ("looks", f"{totals.looks:,}{of_fixed}"),
        (
            "credits",
            f"{totals.credits_spent:,}: {on_odds:,} for odds and {on_scores:,} for results;"
            f" half-hourly looks cost {fixed_credits:,}",
        ),
    ]


def _bytes(made: ReplayReport) -> list[tuple[str, str]]:
    if made.bytes_per_quote_seen is None:
        return []
    rows = made.sizes.quotes_bytes + made.sizes.snapshots_bytes
    return [
        (
            "bytes",
            f"{made.bytes_per_quote_seen:.1f} per quote seen for quotes and selections,"
            f" {rows / made.totals.quotes_seen:.1f} with the rows of snapshots; indexes included",
        )
    ]


def closing_text(closing: ClosingCoverage) -> str:
    """Return how old the closing odds were, in a sentence."""
    if closing.median_minutes is None:
        return f"{counted(closing.events, 'game')} started, none looked at within the hour before"
    return (
        f"last look before the start: median {closing.median_minutes:.0f} min,"
        f" 95 % within {closing.percentile_95_minutes:.0f} min, worst {closing.worst_minutes:.0f} min;"
        f" {closing.missed} of {closing.events} games not looked at within the hour before"
    )


def _day(at: datetime) -> str:
    return f"{instant(at, at)} {at:%Y}"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())
