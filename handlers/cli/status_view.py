"""How the status is shown."""

from datetime import datetime, timedelta

from rich.markup import escape
from rich.text import Text

from core.planning.wording import counted, duration_text
from handlers.attention import attention
from handlers.cli.armed_view import show_armed
from handlers.cli.output import ago, bytes_text, instant, report, row, show, table
from handlers.status_report import FAILURES_SHOWN_FOR, SportReport, StatusReport
from storage.status import FailedRun, SportFacts

_SHOWN = 5
_WELL = "All is well."
_NOTHING = (
    "Nothing was collected yet: odds fetch events reads the free list of games, odds scheduler start collects."
)
_SEVERITY_STYLES = {"error": "red", "warning": "yellow", "info": None}


def show_status(status: StatusReport, *, verbose: bool) -> None:
    """Print what is there, what comes next, and what went wrong; verbose leaves nothing out."""
    _show_attention(status)
    _show_facts(status)
    show_armed(status.next_runs, status.now)
    _show_closing(status, verbose=verbose)
    for sport in status.sports:
        _show_unwatched(sport, status, verbose=verbose)
        _show_moves(sport, status, verbose=verbose)
    _show_failures(status, verbose=verbose)
    _show_issues(status, verbose=verbose)


def _show_attention(status: StatusReport) -> None:
    sentences = attention(status)
    if not sentences:
        report().print(f"[bold green]{_WELL if status.totals.looks or status.totals.events else _NOTHING}[/]")
    for sentence in sentences:
        report().print(Text.assemble(("! ", "bold red"), (sentence, "red")))


def _show_facts(status: StatusReport) -> None:
    totals, balance = status.totals, status.balance
    kept = f" ({totals.quotes_stored / totals.quotes_seen:.1%})" if totals.quotes_seen else ""
    lines = table("", "")
    row(lines, "database", f"{status.database}, {bytes_text(status.database_bytes)}")
    row(lines, "collected", f"{totals.looks:,} looks, {totals.events:,} events, {totals.snapshots:,} snapshots")
    row(lines, "quotes", f"{totals.quotes_seen:,} seen, {totals.quotes_stored:,} kept as changes{kept}")
    left = "not known yet" if balance is None else f"{balance.remaining:,} of {balance.plan_size:,} left"
    row(lines, "credits", f"{left}; {totals.credits_spent:,} spent in all")
    for sport in status.sports:
        row(lines, sport.facts.sport_key, _sport_text(sport.facts, status.now))
    lines.show_header = False
    show(lines)


def _sport_text(facts: SportFacts, now: datetime) -> str:
    counts = ", ".join(f"{count:,} {name}" for name, count in facts.statuses.items()) or "no event known"
    next_start = f"; next start {instant(facts.next_start, now)} UTC" if facts.next_start else ""
    looked, listed = ago(facts.last_look, now), ago(facts.last_listing, now)
    return f"{counts}{next_start}; last look {looked}, free list read {listed}"


def _show_closing(status: StatusReport, *, verbose: bool) -> None:
    closing = status.closing
    if not closing.events:
        return
    line = f"[bold]Closing lines[/] of the last {counted(closing.events, 'event')} that started: "
    if closing.median_minutes is None:
        line += "none was looked at in its last hour"
    else:
        line += (
            f"{closing.median_minutes:.1f} min old at the median, {closing.worst_minutes:.1f} at worst, "
            f"{counted(closing.missed, 'event')} not looked at in the last hour"
        )
    report().print(line)
    missed = [close for close in status.closes if close.is_missed]
    shown = status.closes if verbose else missed[-_SHOWN:]
    if shown:
        made = table("started (UTC)", "close", "event")
        for close in shown:
            age = "no look" if close.age is None else duration_text(close.age)
            named = f"{close.away_team} at {close.home_team}" if close.home_team else close.event_id
            row(made, instant(close.commence_time, status.now), age, named)
        show(made)


def _show_unwatched(sport: SportReport, status: StatusReport, *, verbose: bool) -> None:
    spans = sport.unwatched
    if not spans:
        return
    missed = sum(span.missed for span in spans)
    report().print(
        f"[bold]Gaps[/] of {escape(sport.facts.sport_key)}: {counted(len(spans), 'span')} without a look that was "
        f"due, {counted(missed, 'look')} missed"
        + ("" if verbose or len(spans) <= _SHOWN else f"; the {_SHOWN} greatest")
    )
    greatest = sorted(spans, key=lambda span: (span.missed, span.starts, span.after), reverse=True)
    chosen = spans if verbose else sorted(greatest[:_SHOWN], key=lambda span: span.after)
    made = table("last look (UTC)", "next look", "for", "missed", "starts", right=("missed", "starts"))
    for span in chosen:
        until = "none yet" if span.until is None else instant(span.until, status.now)
        lasted = duration_text((span.until or status.now) - span.after)
        row(made, instant(span.after, status.now), until, lasted, span.missed, span.starts)
    show(made)


def _show_moves(sport: SportReport, status: StatusReport, *, verbose: bool) -> None:
    moves = sport.mass_moves
    if not moves:
        return
    report().print(
        f"[bold]Starts moved together[/] in {escape(sport.facts.sport_key)}: {counted(len(moves), 'time')}"
        + ("" if verbose or len(moves) <= _SHOWN else f"; the {_SHOWN} greatest")
    )
    greatest = sorted(moves, key=lambda move: (move.events, move.seen_at), reverse=True)
    chosen = moves if verbose else sorted(greatest[:_SHOWN], key=lambda move: move.seen_at)
    made = table("seen (UTC)", "events", "most by", "then", right=("events", "most by"))
    for move in chosen:
        sign = "-" if move.shift < timedelta() else "+"
        undone = f"{move.undone} put back by {instant(move.undone_at, status.now)}" if move.undone else "stayed"
        row(
            made, instant(move.seen_at, status.now), move.events, f"{sign}{duration_text(abs(move.shift))}", undone
        )
    show(made)


def _show_failures(status: StatusReport, *, verbose: bool) -> None:
    if not status.failures:
        return
    alike: dict[tuple[str, str], list[FailedRun]] = {}
    for failure in status.failures:
        alike.setdefault((failure.job, f"{failure.sport_key}: {failure.reason}"), []).append(failure)
    days = FAILURES_SHOWN_FOR.days
    report().print(f"[bold]Failed runs[/] of the last {days} days: {len(status.failures):,}")
    made = table("last (UTC)", "times", "job", "why", right=("times",))
    for (job, why), runs in list(alike.items())[: None if verbose else _SHOWN]:
        row(made, instant(runs[0].started_at, status.now), len(runs), job, why)
    show(made)


def _show_issues(status: StatusReport, *, verbose: bool) -> None:
    if not status.issues:
        return
    report().print("[bold]Open issues[/] with the data")
    made = table("severity", "open", "issue", "newest" if verbose else "", right=("open",))
    for issue in status.issues:
        style = _SEVERITY_STYLES.get(issue.severity)
        row(made, Text(issue.severity, style=style or ""), issue.open_count, issue.issue_type, issue.example)
    show(made)
