"""How the report of a simulated season is shown."""

from collections.abc import Iterator, Mapping

from rich.markup import escape

from core.planning.wording import counted, duration_text
from core.simulation.leagues import league_of
from handlers.cli.output import instant, report, row, show, table
from handlers.simulation.season_report import SeasonReport, WorseClose

_MOST_SHOWN = 12
_CAUSES_SHOWN = 4


def show_season(made: SeasonReport, seconds: float) -> None:
    """Print what became of a season, and how long it took."""
    console = report()
    title = league_of(made.sport_key).title
    span = f"{instant(made.first_at, made.last_at)} to {instant(made.last_at, made.first_at)}"
    console.print(
        f"\n[bold]{escape(title)}[/], {span} UTC on a virtual clock, seed {made.seed}: "
        f"{made.fault_rate:.1%} of operations fail\n"
    )
    _show_facts(_facts(made))
    _show_counts("faults injected", made.mishaps)
    _show_worse(made)
    console.print(f"\n[dim]All of this took {seconds:.0f} seconds.[/]")


def _show_facts(facts: Iterator[tuple[str, object]]) -> None:
    shown = table("", "")
    shown.show_header = False
    for name, value in facts:
        row(shown, name, value)
    show(shown)


def _facts(made: SeasonReport) -> Iterator[tuple[str, object]]:
    coverage = made.coverage
    yield "games", coverage.events
    if coverage.events:
        yield "last look at most 10 min before the start", _percent(made.fresh)
        yield "last look at most 35 min before the start", _percent(made.closing)
        yield "last look, median / 95th percentile / worst", _minutes(made)
    yield "worse ones that no fault explains", made.unexplained
    yield "promises of the closes that are broken", "; ".join(made.missed) or "none"
    yield "looks lost / stored twice", f"{made.lost} / {made.doubled}"
    yield "jobs without a trigger at the end", ", ".join(made.unarmed) or "none"
    share = made.looks / made.fixed_sampling_looks if made.fixed_sampling_looks else 0
    yield "looks, against one every 30 minutes", f"{made.looks:,} ({share:.1%})"
    yield "credits", f"{made.credits:,}, at {counted(made.look_cost, 'credit')} a look"
    yield "runs", _counts(made.runs)
    yield "how they ended", _counts(made.outcomes)
    yield "runs made again by the platform", made.retries
    yield "runs that met a fault and ended well", made.mended
    yield "heartbeats, and jobs that they mended", f"{made.heartbeats:,} / {made.repairs:,}"


def _show_counts(title: str, counts: Mapping[str, int]) -> None:
    if not counts:
        return
    shown = table(title, "times", right=("times",))
    for name, number in counts.items():
        row(shown, name, number)
    show(shown)


def _show_worse(made: SeasonReport) -> None:
    if not made.worse:
        return
    shown = table("start", "last look", "game, and what kept it from a fresher one")
    for one in made.worse[:_MOST_SHOWN]:
        row(shown, instant(one.commence_time, made.last_at), _age(one), f"{one.game}: {_causes(one)}")
    show(shown)
    if len(made.worse) > _MOST_SHOWN:
        report().print(f"[dim]and {counted(len(made.worse) - _MOST_SHOWN, 'more')}: --json has them all[/]")


def _age(one: WorseClose) -> str:
    return "none" if one.age is None else f"{duration_text(one.age)} before"


def _causes(one: WorseClose) -> str:
    told = [f"it began early, at {one.began_at:%H:%M}"] if one.began_at else []
    told += [f"{cause.at:%H:%M} {cause.kind}" for cause in one.causes[:_CAUSES_SHOWN]]
    if len(one.causes) > _CAUSES_SHOWN:
        told.append(f"{len(one.causes) - _CAUSES_SHOWN} more")
    return "; ".join(told) or "no fault explains it"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _minutes(made: SeasonReport) -> str:
    coverage = made.coverage
    values = (coverage.median_minutes, coverage.percentile_95_minutes, coverage.worst_minutes)
    return " / ".join("none" if value is None else f"{value:.0f}" for value in values) + " min"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counts.items())
