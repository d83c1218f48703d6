"""How lists of events and of runs are shown."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rich.text import Text

from core.planning.wording import counted, duration_text
from handlers.cli.output import ago, instant, report, row, show, table
from storage.event_list import ListedEvent
from storage.run_list import LoggedRun

_LATE = timedelta(minutes=1)
_OUTCOME_STYLES = {"failed": "red", "running": "yellow", "skipped": "dim"}


def show_events(events: Sequence[ListedEvent], now: datetime) -> None:
    """Print events: start, status, score, looks, and the age of the last look."""
    if not events:
        report().print("No event: odds fetch events reads the list; --days looks further.")
        return
    made = table("start (UTC)", "status", "looks", "last look", "event", right=("looks",))
    for event in events:
        started = event.commence_time <= now
        last = _close(event) if started else ago(event.last_look, now)
        row(made, instant(event.commence_time, now), event.status, event.snapshots, last, _title(event))
    show(made)
    moved = sum(event.start_moves > 0 for event in events)
    report().print(f"{counted(len(events), 'event')}; the starts of {moved} have moved since they were first seen")


def show_runs(runs: Sequence[LoggedRun], now: datetime) -> None:
    """Print runs: when, what, how each ended and why, and how late it was."""
    if not runs:
        report().print("No run: odds scheduler start runs them.")
        return
    made = table("began (UTC)", "job", "ended", "cost", "why", right=("cost",))
    for run in runs:
        late = f" ({counted(round(run.late / _LATE), 'minute')} late)" if run.late >= _LATE else ""
        outcome = Text(run.outcome, style=_OUTCOME_STYLES.get(run.outcome, ""))
        why = f"{run.sport_key}: {run.reason}{late}"
        row(made, instant(run.started_at, now), run.job, outcome, run.credits_charged, why)
    show(made)


def _title(event: ListedEvent) -> str:
    named = f"{event.away_team} at {event.home_team}" if event.home_team else event.event_id
    if event.away_score is None or event.home_score is None:
        return named
    return f"{named}, {event.away_score}:{event.home_score}"


def _close(event: ListedEvent) -> str:
    age = event.close_age
    return "none" if age is None else f"{duration_text(age)} before"
