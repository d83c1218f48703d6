"""A table of what is taken away of the collector, a rule at a time, and of who must then find its promise broken.

What no world can judge is broken beside its own test, by the name `test_…_is_seen_to_break_…`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from core.feed.errors import FeedUnavailableError
from tests.world import checks, endings, instead, judges, scenarios, spending, stored
from tests.world.instead import nothing
from tests.world.judges import InWorld, Judge


@dataclass(frozen=True)
class Mutation:
    """A promise, the rule that is taken away, who judges, and what stands in place of the code, by where that is.

    `sql` is a script that takes a rule of the database away.
    """

    promise: str
    without: str
    judge: Judge
    code: Mapping[str, object] = field(default_factory=dict)
    sql: str = ""


MUTATIONS = (
    Mutation(
        "C1",
        "the fallback",
        InWorld(scenarios.looked, checks.c1_a_trigger_always_exists),
        {"handlers.runs.arm_fallback": nothing},
    ),
    Mutation(
        "C2",
        "the unique slot",
        InWorld(scenarios.fired_again, checks.c2_a_slot_fetches_once_per_attempt),
        {"handlers.runs.begin_run": instead.without_unique_slot()},
    ),
    Mutation(
        "C2",
        "the care for what was paid for, when a step is done again at once",
        InWorld(scenarios.not_stored, checks.c2_a_slot_fetches_once_per_attempt),
        {"handlers.at_once._may_pass": lambda _: True},
    ),
    Mutation(
        "C3",
        "the true beginning of a run",
        InWorld(scenarios.late, checks.c3_lateness_is_recorded),
        {"handlers.runs.begin_run": instead.begun_in_time},
    ),
    Mutation(
        "C3",
        "a scheduler that fires within the minute",
        InWorld(scenarios.calm, judges.c3_runs_start_in_time),
        {"core.simulation.uncertain_scheduler.LATEST_SECONDS": 240},
    ),
    Mutation(
        "C4",
        "the end of a turn",
        InWorld(scenarios.died_asking, judges.c4_what_died_is_made_up_for),
        {"handlers.runs.read_standing": instead.never_free},
    ),
    Mutation(
        "C4",
        "the heartbeat's doubt of a fallback",
        InWorld(scenarios.after_database_outage, judges.c4_looks_resume_after_the_outage),
        {"core.triggers.base.Trigger.is_fallback": property(lambda _: False)},
    ),
    Mutation(
        "C4",
        "the heartbeat's way to have a job run at once",
        InWorld(scenarios.after_database_outage, judges.c4_looks_resume_after_the_outage),
        {"core.simulation.uncertain_scheduler.UncertainScheduler.fire": nothing},
    ),
    Mutation(
        "C4",
        "the next heartbeat",
        judges.c4_a_beat_that_died_is_made_up_for,
        {"handlers.simulation.world.check_chain": instead.no_heartbeat},
    ),
    Mutation(
        "C4",
        "the short turn of a last look",
        judges.c4_a_last_look_that_died_is_made_up_for,
        {"handlers.arming.SHORT_TURN": timedelta(minutes=15)},
    ),
    Mutation(
        "C4",
        "the last look before a start",
        InWorld(scenarios.calm, judges.c4_looks_come_as_published),
        {"core.planner.Timetable": instead.no_last_looks},
    ),
    Mutation(
        "C4",
        "the boundary at which a tier begins",
        InWorld(scenarios.calm, judges.c4_looks_come_as_published),
        {"core.planning.timetable.BOUNDARIES": instead.NO_BOUNDARIES},
    ),
    Mutation(
        "C5",
        "the plan's word before a look",
        InWorld(scenarios.strayed, checks.c5_no_runaway),
        {"handlers.fetch_odds._is_due": lambda *_: True},
    ),
    Mutation(
        "C5",
        "the minimum gap",
        InWorld(scenarios.calm, checks.c5_no_runaway),
        {"handlers.app.PlannerPolicy": instead.hasty},
    ),
    Mutation(
        "C5",
        "the count of a day's runs",
        InWorld(scenarios.run_away, checks.c5_no_more_runs_a_day_than_allowed),
        {"handlers.runs.read_standing": instead.none_of_late},
    ),
    Mutation(
        "C5",
        "the longest sleep",
        InWorld(scenarios.off_season, checks.c5_no_longer_sleep),
        {"handlers.app.PlannerPolicy": instead.sleepless},
    ),
    Mutation(
        "C6",
        "the newest start",
        judges.c6_a_game_moved_earlier_is_looked_at_in_time,
        {"storage.listings.listed": instead.as_first_listed, "storage.ingestion.listed": instead.as_first_listed},
    ),
    Mutation(
        "C7",
        "the age at which a run is stale",
        InWorld(scenarios.ready, endings.c7_stale_triggers_are_skipped),
        {"handlers.runs.STALE_AFTER": timedelta(days=99)},
    ),
    Mutation(
        "C8",
        "the check of the turn before a write",
        judges.c8_a_run_that_thaws_writes_nothing,
        {"handlers.writing.hold_lease": nothing},
    ),
    Mutation(
        "C8",
        "turns",
        InWorld(scenarios.met_by_another, checks.c8_turns_do_not_overlap),
        {"handlers.runs.read_standing": instead.always_free, "handlers.writing.hold_lease": nothing},
    ),
    Mutation(
        "D1",
        "what keeps an answer that cannot be read",
        InWorld(scenarios.oddly_answered, stored.d1_odd_answers_are_kept),
        {"handlers.keeping.keep_failure": nothing},
    ),
    Mutation(
        "D2",
        "the comparison with the listing before",
        InWorld(scenarios.looked, stored.d2_rows_follow_from_raw),
        {"storage.ingestion.is_unchanged": lambda *_: True},
    ),
    Mutation(
        "D3",
        "the unique slot",
        InWorld(scenarios.looked, endings.d3_redoing_changes_nothing),
        {"handlers.runs.begin_run": instead.without_unique_slot()},
    ),
    Mutation(
        "D4",
        "the log of a look's call",
        InWorld(scenarios.looked, stored.d4_nothing_without_its_origin),
        {"handlers.fetch_odds.store_call": nothing},
    ),
    Mutation(
        "D5",
        "whoever ends a run that died",
        InWorld(scenarios.died_asking, stored.d5_every_run_ended),
        {
            "storage.leases._TAKE_AWAY": instead.TAKEN_WITHOUT_A_WORD,
            "handlers.heartbeat.end_expired_runs": nothing,
            "handlers.update_status.end_expired_runs": nothing,
        },
    ),
    Mutation(
        "D7",
        "the instant that limits a reading",
        judges.d7_what_was_known_at_a_look_stays,
        sql=instead.changed("odds_at_v1", "quotes.odds_timestamp <= odds_at.at", "true"),
    ),
    Mutation(
        "D10",
        "the silence of a listing in play",
        InWorld(scenarios.in_play, judges.d10_no_close_is_from_play),
        {"storage.folding.tier_of": instead.never_in_play},
    ),
    Mutation(
        "closes",
        "the instant of a last look, by a planner that is slow and meets no fault",
        judges.closes_are_fresh_or_have_their_cause,
        {"handlers.app.PlannerPolicy": instead.hesitant},
    ),
    Mutation(
        "Q1",
        "the balance that the feed tells",
        InWorld(scenarios.looked, spending.q1_spend_is_booked_and_within_the_plan),
        {"handlers.fetch_odds.store_call": instead.made_up},
    ),
    Mutation(
        "Q1",
        "the booking of a paid answer that breaks off",
        InWorld(scenarios.broken_off, spending.q1_spend_is_booked_and_within_the_plan),
        {"handlers.odds_request.keep_failure": nothing},
    ),
    Mutation(
        "Q1",
        "the client's care for what was paid for",
        InWorld(scenarios.broken_off, spending.q1_spend_is_booked_and_within_the_plan),
        {"core.feed.client._may_pass": lambda error: isinstance(error, FeedUnavailableError)},
    ),
    Mutation(
        "Q1",
        "the question whether the balance pays for a call",
        InWorld(scenarios.asked_once_more, spending.q1_spend_is_booked_and_within_the_plan),
        {
            "handlers.fetch_odds._is_due": lambda *_: True,
            "handlers.credits.spendable_credits": lambda *_, **__: None,
        },
    ),
    Mutation(
        "Q2",
        "the reserve",
        InWorld(scenarios.in_reserve, judges.q2_only_closing_looks_touch_the_reserve),
        {"core.planning.credits._reserve": lambda *_: 0},
    ),
    Mutation(
        "Q3",
        "the balance that a refusal tells",
        InWorld(scenarios.exhausted, spending.q3_no_tight_loop),
        {"handlers.odds_request.keep_failure": nothing},
    ),
)
