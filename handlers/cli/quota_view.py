"""How the credits are shown."""

from rich.text import Text

from core.planning.wording import counted, instant_text
from handlers.cli.output import ago, report, row, show, table
from handlers.quota_report import QuotaReport

_LONGEST_BAR = 30


def show_quota(quota: QuotaReport) -> None:
    """Print the balance, the spending by day, and the forecast."""
    balance, reading = quota.balance, quota.reading
    if balance is None or reading is None:
        report().print("The balance is not known yet: the first answer of the feed tells it (odds fetch events).")
    elif balance.resets_at <= quota.now:
        report().print(
            f"Reset since the last answer, {ago(reading.recorded_at, quota.now)}: taken to be the whole plan,"
            f" {balance.plan_size:,} credits."
        )
    else:
        used = "" if reading.used is None else f", {reading.used:,} used"
        report().print(
            f"[bold]{balance.remaining:,}[/] of {balance.plan_size:,} credits left{used}"
            f" ({balance.remaining / max(balance.plan_size, 1):.0%}), told {ago(reading.recorded_at, quota.now)};"
            f" reset {instant_text(balance.resets_at)}, {ago(balance.resets_at, quota.now)}."
        )
    report().print(f"One look costs {counted(quota.look_cost, 'credit')} a sport.")
    report().print(f"{quota.forecast[:1].upper()}{quota.forecast[1:]}.")
    _show_dropped(quota)
    _show_spending(quota)


def _show_dropped(quota: QuotaReport) -> None:
    made = table("left out until the reset", "sport", "looks", "credits saved", right=("looks", "credits saved"))
    for sport_key, dropped in quota.dropped.items():
        for each in dropped:
            row(made, f"{each.tier} sampling" if each.tier else "last looks", sport_key, each.looks, each.cost)
    if made.row_count:
        show(made)


def _show_spending(quota: QuotaReport) -> None:
    if not quota.spending:
        report().print("Nothing was spent in the last 14 days.")
        return
    most = max(day.credits for day in quota.spending)
    made = table("day (UTC)", "credits", "calls", "", right=("credits", "calls"))
    for day in quota.spending:
        bar = "█" * max(round(day.credits / most * _LONGEST_BAR), 1)
        row(made, f"{day.day:%a} {day.day.day} {day.day:%b}", day.credits, day.calls, Text(bar, style="cyan"))
    show(made)
