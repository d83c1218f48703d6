from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.config import (
    BacktestConfig,
    FlatStake,
    FractionalKelly,
    Limits,
    PercentageStake,
    Sizing,
)
from analytics.backtesting.engine import simulate
from analytics.backtesting.history import StatusKnown
from analytics.backtesting.known import Known
from analytics.backtesting.trials import UNKNOWN_DAY, Ground, Tried, bets_of, ground_of, try_parameters
from analytics.backtesting.values import Opportunities
from core.errors import ConfigurationError
from tests.analytics.backtesting.laboratory import ThresholdStrategy, known_season, thresholds
from tests.analytics.boards import HOUR, TIP_OFF, season

KNOWN = known_season(60)
GROUND = ground_of(KNOWN)


def tried(least: float, ground: Ground = GROUND, **changes: object) -> Tried:
    (parameters,) = thresholds(least)
    return try_parameters(ThresholdStrategy(parameters), ground, season(**changes))


class Sure(ThresholdStrategy):
    """Bets with an opinion, for Kelly."""

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return every other quote."""
        rows = np.arange(0, len(board), 2)
        return Opportunities.of(rows, np.full(len(rows), 0.6))


def test_a_ground_knows_how_each_quote_ends_and_when_that_was_known() -> None:
    assert GROUND.first_day == date(2026, 1, 10)
    assert np.isnan(GROUND.unit_profit).sum() == 0
    won = GROUND.unit_profit > 0
    np.testing.assert_allclose(GROUND.unit_profit[won], GROUND.board.decimal_odds[won] - 1)
    assert (GROUND.unit_profit[~won] == -1).all()
    assert (GROUND.settled_day >= GROUND.decided_day).all()
    assert GROUND.days == GROUND.settled_day.max() + 1


@settings(max_examples=20)
@given(st.floats(1.4, 3.4))
def test_flat_bets_bring_what_the_engine_says(least: float) -> None:
    (parameters,) = thresholds(least)
    config = season(bankroll=1_000_000)
    found = ThresholdStrategy(parameters).evaluate_board(KNOWN.board, config)
    simulation = simulate(KNOWN, found, config, sizing=FlatStake(amount=100), strategy="threshold")
    engine = sum(
        placed.stake * (sum(payment.amount for payment in simulation.settled.payments[placed.number]) - 1)
        for placed in simulation.placed
    )
    outcome = tried(least, bankroll=1_000_000)
    assert outcome.bets.sum() == len(simulation.placed)
    assert outcome.profit.sum() == pytest.approx(engine)
    assert outcome.profit.sum() == pytest.approx(outcome.known_profit.sum())
    assert outcome.bets.sum() == outcome.known_bets.sum()


class Given(ThresholdStrategy):
    """Takes what it is made with, as far as the board goes."""

    def __init__(self, found: Opportunities) -> None:
        super().__init__()
        self.found = found

    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return the first of what it was given."""
        count = int(np.searchsorted(self.found.quotes, len(board)))
        columns = ("quotes", "probability", "combination", "share")
        return Opportunities(*(getattr(self.found, name)[:count] for name in columns))


TIED = known_season(24, hours_apart=1, tied=True)
TIED_GROUND = ground_of(TIED)

sizings = st.one_of(
    st.builds(FlatStake, amount=st.floats(1, 3000)),
    st.builds(PercentageStake, percent=st.floats(0.1, 60)),
    st.builds(FractionalKelly, fraction=st.floats(0.1, 1), simultaneous=st.booleans()),
)
limits = st.builds(
    Limits,
    min_stake=st.floats(0, 500),
    max_stake=st.none() | st.floats(10, 3000),
    max_stake_percent=st.floats(1, 100),
    max_open_percent=st.floats(5, 100),
    max_bets_per_event=st.none() | st.integers(1, 2),
)


@st.composite
def opportunities(draw: st.DrawFn) -> Opportunities:
    """Draw single bets, and pairs on both sides of a game that are placed together."""
    games = sorted(draw(st.sets(st.integers(0, 23), min_size=1)))
    kinds = [draw(st.sampled_from(["home", "both", "arbitrage"])) for _ in games]
    rows = [(game, kind, row) for game, kind in zip(games, kinds, strict=True) for row in (0, 1)]
    taken = [(game, kind, row) for game, kind, row in rows if kind != "home" or row == 0]
    share = draw(st.floats(0.05, 0.95))
    together = [kind == "arbitrage" for _, kind, _ in taken]
    return Opportunities(
        quotes=np.array([2 * game + row for game, _, row in taken]),
        probability=np.array([draw(st.floats(0.3, 0.9)) for _ in taken]),
        combination=np.where(together, 0, -1),
        share=np.array(
            [(share, 1 - share)[row] if pair else 1.0 for (_, _, row), pair in zip(taken, together, strict=True)]
        ),
    )


@settings(max_examples=100, deadline=None)
@given(opportunities(), sizings, limits)
def test_a_set_bets_within_all_limits_as_a_run_of_it_does(
    found: Opportunities, sizing: Sizing, limits: Limits
) -> None:
    config = season(sizing=sizing, limits=limits)
    run = simulate(TIED, found, config, sizing=sizing, strategy="given")
    outcome = try_parameters(Given(found), TIED_GROUND, config)
    assert outcome.bets.sum() == len(run.placed)
    assert outcome.staked.sum() == pytest.approx(sum(placed.stake for placed in run.placed), abs=1e-6)
    assert outcome.cut_stakes.sum() == sum(placed.is_cut for placed in run.placed)


def test_what_is_not_placed_is_counted_on_the_day_of_its_decision() -> None:
    cut = tried(1.4, limits=Limits(max_bets_per_event=1))
    free = tried(1.4)
    assert free.unplaced.sum() == 0
    assert cut.unplaced.sum() == free.bets.sum() - cut.bets.sum() > 0
    assert (cut.unplaced + cut.bets).tolist() == free.bets.tolist()


def test_combinations_of_two_decisions_are_two() -> None:
    pairs = Opportunities(np.arange(120), np.full(120, np.nan), np.zeros(120, dtype=np.int64), np.full(120, 0.5))
    numbers = bets_of(Given(pairs), GROUND, season()).combination
    assert numbers.tolist() == np.repeat(np.arange(60), 2).tolist()


def test_a_combination_that_is_not_wholly_where_bets_are_placed_is_left_out() -> None:
    both = Opportunities(np.array([0, 1]), np.full(2, np.nan), np.zeros(2, dtype=np.int64), np.full(2, 0.5))
    assert try_parameters(Given(both), GROUND, season()).bets.sum() == 2
    mixed = replace(
        GROUND, board=replace(GROUND.board, bookmaker=np.arange(120) % 2, bookmaker_keys=("bovada", "x"))
    )
    assert try_parameters(Given(both), mixed, season(bookmakers=["bovada"])).bets.sum() == 0


def test_kelly_without_a_probability_is_refused_as_in_a_run() -> None:
    with pytest.raises(ConfigurationError, match="threshold estimates no probabilities"):
        tried(1.0, sizing=FractionalKelly())


def test_bets_of_several_days_on_an_event_count_on_the_day_of_the_first_decision() -> None:
    known = known_season(4, hours_apart=24)
    same = replace(known.board, events=tuple(one._replace(event_id="event0") for one in known.board.events))
    assert ground_of(replace(known, board=same)).decided_day.tolist() == [0] * 8


@pytest.mark.parametrize(
    ("sizing", "limits", "stake"),
    [
        pytest.param(FlatStake(amount=50), {}, 50, id="the same amount"),
        pytest.param(PercentageStake(percent=2), {}, 200, id="a percentage of the starting bankroll"),
        pytest.param(PercentageStake(percent=20), {}, 500, id="the limit of a bet in percent"),
        pytest.param(FlatStake(amount=900), {"max_stake": 300}, 300, id="the limit of a bet in money"),
        pytest.param(FlatStake(amount=50), {"min_stake": 60}, 0, id="less than the least stake is no bet"),
    ],
)
def test_every_bet_is_sized_on_the_bankroll_of_the_beginning(
    sizing: Sizing, limits: dict[str, float], stake: float
) -> None:
    outcome = tried(1.0, sizing=sizing, limits=Limits(**limits))
    assert outcome.staked.sum() == pytest.approx(stake * outcome.bets.sum())
    assert (outcome.bets.sum() == 0) == (stake == 0)


def test_kelly_stakes_what_the_estimate_deserves_and_nothing_without_an_edge() -> None:
    config = season(sizing=FractionalKelly(fraction=0.25), limits=Limits(max_stake_percent=100))
    outcome = try_parameters(Sure(), GROUND, config)
    decimal = GROUND.board.decimal_odds[::2]
    deserved = 0.25 * np.maximum((0.6 * decimal - 1) / (decimal - 1), 0) * 10_000
    assert outcome.staked.sum() == pytest.approx(deserved.sum())
    assert 0 < outcome.bets.sum() < len(decimal)


def test_quotes_where_no_bets_are_placed_are_left_out() -> None:
    assert tried(1.0, bookmakers=["draftkings"]).bets.sum() == 0
    assert tried(1.0, bookmakers=["bovada"]).bets.sum() == len(GROUND.board)


@pytest.mark.parametrize(
    "statuses",
    [
        pytest.param((), id="a game that is not over"),
        pytest.param((StatusKnown(TIP_OFF + 3 * HOUR, "final", None, None),), id="a game without a score"),
    ],
)
def test_a_bet_without_a_result_counts_for_nothing(statuses: tuple[StatusKnown, ...]) -> None:
    known = known_season(3)
    unplayed = replace(known.histories["event0"], statuses=statuses)
    ground = ground_of(replace(known, histories={**known.histories, "event0": unplayed}))
    assert np.isnan(ground.unit_profit).sum() == 2
    assert (ground.settled_day == UNKNOWN_DAY).sum() == 2
    found = tried(1.0, ground)
    assert (found.bets.sum(), found.ungraded.tolist()) == (4, [2, *[0] * (ground.days - 1)])
    assert found.untold.sum() == 0


def test_a_bet_that_a_known_result_does_not_grade_is_counted_apart() -> None:
    known = known_season(3)
    cup_game = known.board.events[0]._replace(sport_key="soccer_fa_cup")
    board = replace(known.board, events=(cup_game, *known.board.events[1:]))
    found = tried(1.0, ground_of(replace(known, board=board)))
    assert (found.bets.sum(), found.ungraded.sum(), found.untold.sum()) == (4, 0, 2)


def corrected_season() -> Known:
    """Return a season of which every third result is turned round a week after it was known."""
    known = known_season(40)
    histories = dict(known.histories)
    for number, (event_id, history) in enumerate(known.histories.items()):
        final = history.statuses[-1]
        turned = final._replace(
            changed_at=final.changed_at + timedelta(days=7),
            home_score=final.away_score,
            away_score=final.home_score,
        )
        if number % 3 == 0:
            histories[event_id] = replace(history, statuses=(*history.statuses, turned))
    return replace(known, histories=histories)


def test_a_correction_changes_the_profit_on_its_own_day() -> None:
    known = known_season(1)
    (history,) = known.histories.values()
    final = history.statuses[-1]
    turned = StatusKnown(final.changed_at + timedelta(days=7), "final", final.away_score, final.home_score)
    corrected = replace(known, histories={"event0": replace(history, statuses=(*history.statuses, turned))})
    first, then = (tried(1.0, ground_of(each), sizing=FlatStake(amount=100)) for each in (known, corrected))
    turn = then.profit.sum() - first.profit.sum()
    assert turn != 0
    assert then.known_profit.tolist() == pytest.approx([first.profit.sum(), *[0] * 6, turn], abs=1e-9)


def test_a_bet_is_known_on_the_day_of_its_result_and_counts_on_that_of_its_decision() -> None:
    known = known_season(1)
    (history,) = known.histories.values()
    late = history.statuses[-1]._replace(changed_at=history.statuses[-1].changed_at + timedelta(days=2))
    found = tried(1.0, ground_of(replace(known, histories={"event0": replace(history, statuses=(late,))})))
    assert (found.bets.tolist(), found.known_bets.tolist()) == ([2, 0, 0], [0, 0, 2])
    assert (found.profit[0], found.known_profit[:2].tolist()) == (found.known_profit[2], [0, 0])


def test_a_stake_comes_back_with_the_first_result_whatever_corrects_it() -> None:
    assert ground_of(corrected_season()).freed_at.tolist() == ground_of(known_season(40)).freed_at.tolist()


@given(day=st.integers(1, 30), least=st.floats(1.4, 3.0))
@settings(max_examples=25, deadline=None)
def test_what_is_known_of_a_set_by_a_day_rests_on_nothing_that_came_later(day: int, least: float) -> None:
    known = corrected_season()
    until = datetime(2026, 1, 10, tzinfo=UTC) + timedelta(days=day)
    by_then = {
        event_id: replace(history, statuses=tuple(one for one in history.statuses if one.changed_at < until))
        for event_id, history in known.histories.items()
    }
    whole, cut = (tried(least, ground_of(each)) for each in (known, replace(known, histories=by_then)))
    assert whole.known_bets[:day].sum() == cut.known_bets.sum()
    np.testing.assert_allclose(
        whole.known_profit[: len(cut.known_profit)][:day], cut.known_profit[:day], atol=1e-6
    )
    assert whole.known_profit.sum() == pytest.approx(whole.profit.sum())


def test_a_board_without_decisions_has_no_days() -> None:
    assert ground_of(known_season(0)).days == 0
