"""How the findings of a day are shown."""

from collections.abc import Sequence
from datetime import datetime

from core.planning.wording import counted
from core.quality import Severity
from handlers.cli.output import report, row, show, table
from handlers.daily_report import DailyReport
from storage.validation.daily import EventDay

_LARGE_SHARE = 0.05


def show_daily(daily: DailyReport) -> None:
    """Print a day's findings: the verdict, then what is wrong, then the rest."""
    findings = daily.findings
    verdict = "[bold green]clean[/]" if daily.is_clean else "[bold red]something is wrong[/]"
    quotes = sum(bookmaker.quotes for bookmaker in findings.bookmakers)
    report().print(
        f"{daily.day.isoformat()} (UTC): {verdict}. {counted(len(findings.events), 'event')} started,"
        f" {quotes:,} quotes stored."
    )
    _show_gaps(daily)
    _show_unwatched(daily)
    _show_events("started without a look in its last three hours", findings.without_closing)
    _show_events("over, without a result", findings.without_score)
    _show_issues(daily)
    _show_bookmakers(daily)


def _show_gaps(daily: DailyReport) -> None:
    if not daily.findings.gaps:
        return
    alike: dict[tuple[str, str, str], list[datetime]] = {}
    for gap in daily.findings.gaps:
        key = (gap.job, gap.outcome or "never ran", f"{gap.sport_key}: {gap.reason}")
        alike.setdefault(key, []).append(gap.planned_for)
    made = table("planned", "times", "job", "ended", "why", right=("times",))
    for key, instants in alike.items():
        span = f"{instants[0]:%H:%M}" + (f" to {instants[-1]:%H:%M}" if len(instants) > 1 else "")
        row(made, span, len(instants), *key)
    report().print(f"[bold]{counted(len(daily.findings.gaps), 'planned call')}[/] that brought nothing")
    show(made)


def _show_unwatched(daily: DailyReport) -> None:
    for sport_key, spans in daily.unwatched.items():
        for span in spans:
            until = f"{span.until:%d %b %H:%M}" if span.until else "now"
            report().print(
                f"[bold]{sport_key}[/] had no look from {span.after:%d %b %H:%M} to {until}:"
                f" {counted(span.missed, 'look')} missed, {counted(span.starts, 'event')} started"
            )


def _show_events(what: str, events: Sequence[EventDay]) -> None:
    if not events:
        return
    made = table("start", "status", "looks", what, right=("looks",))
    for event in events:
        row(made, f"{event.commence_time:%H:%M}", event.status, event.snapshots, event.title)
    show(made)


def _show_issues(daily: DailyReport) -> None:
    if not daily.findings.open_issues:
        return
    made = table("severity", "open issue", "count", right=("count",))
    for issues in daily.findings.open_issues:
        style = "red" if issues.severity is Severity.ERROR else None
        row(made, issues.severity, issues.issue_type, issues.open_count, style=style)
    show(made)


def _show_bookmakers(daily: DailyReport) -> None:
    if not daily.findings.bookmakers:
        return
    made = table("bookmaker", "quotes", "invalid", "share", right=("quotes", "invalid", "share"))
    for bookmaker in daily.findings.bookmakers:
        share = f"{bookmaker.invalid_share:.1%}" if bookmaker.invalid else ""
        style = "red" if bookmaker.invalid_share > _LARGE_SHARE else None
        row(made, bookmaker.bookmaker_key, bookmaker.quotes, bookmaker.invalid, share, style=style)
    show(made)
