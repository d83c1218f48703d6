"""How a plan is shown."""

from itertools import groupby
from typing import Any

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from core.planning.wording import counted
from core.tiers import Tier
from handlers.cli.output import ago, instant, report, row, show, table
from handlers.plan_report import SportPlan

_STYLES = {Tier.CLOSING: "cyan", Tier.OPENING: "dim", Tier.EARLY: "dim"}
_ALL_LOOKS = "last looks"


def plan_json(plan: SportPlan) -> dict[str, Any]:
    """Return a plan with its games by name, for programs."""
    balance = plan.balance
    return {
        "sport_key": plan.sport_key,
        "now": plan.now,
        "until": plan.until,
        "looks": [
            {
                "at": look.at,
                "tier": look.tier,
                "reason": look.reason,
                "due_games": [{"event_id": key, "label": plan.games.get(key)} for key in look.event_ids],
                "upcoming_games": look.upcoming,
                "credits": look.cost,
            }
            for look in plan.looks
        ],
        "dropped": plan.dropped,
        "credits": plan.credits,
        "credits_left": balance and balance.remaining,
        "credits_reset_at": balance and balance.resets_at,
        "credits_note": plan.credits_note,
        "fixed_sampling_looks": plan.fixed_sampling_looks,
        "fixed_sampling_credits": plan.fixed_sampling_looks * plan.look_cost,
        "share_of_fixed_sampling": plan.share_of_fixed_sampling,
    }


def show_plan(plan: SportPlan, *, whole: bool) -> None:
    """Print a plan: the looks, what they cost together, and what the credits do not allow.

    Reasons are cut at the end of the line, unless they are to be shown whole.
    """
    console = report()
    console.print(
        f"[bold]{escape(plan.sport_key)}[/]: {counted(len(plan.games), 'upcoming game')} known,"
        f" last look {ago(plan.last_look, plan.now)}",
        soft_wrap=True,
    )
    if not plan.games:
        console.print("Nothing to look at. odds fetch events reads the free list of games.\n")
        return
    if plan.looks:
        show(_looks(plan, whole=whole))
    _show_cost(plan)
    _show_dropped(plan)
    console.print()


def _looks(plan: SportPlan, *, whole: bool) -> Table:
    made = table("UTC", "tier", "due", "of", "cost", "why", right=("UTC", "due", "of", "cost"))
    for day, looks in groupby(plan.looks, key=lambda look: look.at.date()):
        row(made, Text(f"{day:%a} {day.day} {day:%b}", style="bold"))
        for look in looks:
            why = Text(look.reason, no_wrap=not whole, overflow="fold" if whole else "ellipsis")
            cells = (f"{look.at:%H:%M}", look.tier, len(look.event_ids), look.upcoming, look.cost, why)
            row(made, *cells, style=_STYLES.get(look.tier))
    return made


def _show_cost(plan: SportPlan) -> None:
    share = plan.share_of_fixed_sampling
    looks, spent = counted(len(plan.looks), "look"), counted(plan.credits, "credit")
    line = f"{looks}, {spent} until {instant(plan.until, plan.now)}"
    if share is not None:
        fixed = plan.fixed_sampling_looks
        line += (
            f": {share:.0%} of sampling every half hour, which takes {fixed:,} looks"
            f" and {fixed * plan.look_cost:,} credits"
        )
    report().print(f"{line}.\n{plan.credits_note[:1].upper()}{plan.credits_note[1:]}.")


def _show_dropped(plan: SportPlan) -> None:
    if not plan.dropped:
        return
    made = table("left out until the reset", "looks", "credits saved", right=("looks", "credits saved"))
    for dropped in plan.dropped:
        row(made, f"{dropped.tier} sampling" if dropped.tier else _ALL_LOOKS, dropped.looks, dropped.cost)
    show(made)
