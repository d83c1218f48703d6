"""How runs to come are shown."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from core.triggers.base import Trigger
from handlers.cli.output import ago, instant, row, show, table


def show_armed(triggers: Iterable[Trigger], now: datetime) -> None:
    """Print the next run of every job, sport by sport."""
    for sport_key, of_sport in groupby(sorted(triggers, key=_sport), key=_sport):
        made = table(sport_key, "next (UTC)", "", "why")
        for trigger in of_sport:
            due = trigger.at <= now
            row(
                made,
                trigger.job,
                "" if due else instant(trigger.at, now),
                "now" if due else ago(trigger.at, now),
                trigger.reason,
            )
        show(made)


def _sport(trigger: Trigger) -> str:
    return trigger.sport_key
