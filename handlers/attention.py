"""What an operator should see to, in sentences."""

from collections.abc import Iterator
from datetime import timedelta

from core.planning.wording import counted, duration_text
from handlers.status_report import StatusReport

_DAY = timedelta(days=1)


def attention(report: StatusReport) -> list[str]:
    """Return what is wrong just now, the gravest first; nothing where all is well."""
    return [*_runs(report), *_looks(report), *_data(report)]


def _runs(report: StatusReport) -> Iterator[str]:
    if report.overdue:
        late = duration_text(report.now - min(trigger.at for trigger in report.overdue))
        runs = counted(len(report.overdue), "run")
        yield f"nothing runs the jobs: {runs} overdue, by up to {late} (odds scheduler start)"
    recent = [failure for failure in report.failures if report.now - failure.started_at <= _DAY]
    if recent:
        yield f"{counted(len(recent), 'run')} failed in the last day, at last: {recent[0].reason}"


def _looks(report: StatusReport) -> Iterator[str]:
    for sport in report.sports:
        for span in sport.unwatched:
            if span.until is None:
                missed, age = counted(span.missed, "look"), duration_text(report.now - span.after)
                yield f"{sport.facts.sport_key}: {missed} missed since the last one, {age} ago"


def _data(report: StatusReport) -> Iterator[str]:
    balance = report.balance
    if balance is not None and balance.remaining <= 0 and report.now < balance.resets_at:
        yield "no credits are left until the reset"
    errors = sum(issue.open_count for issue in report.issues if issue.severity == "error")
    if errors:
        yield f"{counted(errors, 'error')} in the data open"
