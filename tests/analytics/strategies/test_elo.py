from dataclasses import replace

import numpy as np

from analytics.backtesting.evaluating import evaluate
from analytics.backtesting.values import KnownResult, Opportunities
from analytics.strategies.elo import EloParameters, EloStrategy
from analytics.strategies.registry import strategy_named
from tests.analytics.boards import board_of, decision, h2h, season
from tests.analytics.strategies.leagues import LATER, league

BOARD, RESULTS = league(60)


async def found(results: list[KnownResult], **parameters: float) -> Opportunities:
    strategy = strategy_named("elo", parameters)
    return await evaluate(strategy, BOARD, season(end="2028-01-01T00:00Z"), results=results)


async def test_it_bets_on_the_team_that_its_past_results_speak_for() -> None:
    bets = await found(RESULTS)
    assert len(bets.quotes) > 20
    names = [BOARD.quote(int(row)).outcome_name for row in bets.quotes]
    assert names.count("Lakers") > 0.8 * len(names)
    assert (bets.probability > 0.5).all()


async def test_it_waits_until_enough_results_are_known() -> None:
    bets = await found(RESULTS, min_games=30, min_edge=0)
    assert BOARD.event[bets.quotes].min() >= 30
    assert len((await found([])).quotes) == 0


async def test_results_of_one_team_alone_are_not_enough() -> None:
    met_others = [result._replace(away_team=f"Team {number}") for number, result in enumerate(RESULTS)]
    assert len((await found(met_others, min_edge=0)).quotes) == 0


async def test_a_result_counts_only_from_when_it_was_known() -> None:
    late = [result._replace(known_at=result.known_at + LATER) for result in RESULTS]
    assert len((await found(late)).quotes) == 0


async def test_results_known_later_change_no_earlier_bet() -> None:
    before = await found(RESULTS)
    other = [
        result if number < 30 else result._replace(home_score=result.away_score, away_score=result.home_score)
        for number, result in enumerate(RESULTS)
    ]
    after = await found(other)
    earlier = [rows.quotes[BOARD.event[rows.quotes] <= 30].tolist() for rows in (before, after)]
    assert earlier[0] == earlier[1]


async def test_a_correction_of_a_result_is_not_counted_twice() -> None:
    twice = [result for result in RESULTS for _ in range(2)]
    once, again = await found(RESULTS), await found(twice)
    assert once.quotes.tolist() == again.quotes.tolist()
    np.testing.assert_array_equal(once.probability, again.probability)


async def test_a_market_with_a_draw_is_left() -> None:
    strategy = EloStrategy(EloParameters(min_games=1, min_edge=0))
    for result in RESULTS:
        strategy.learn(result)
    drawn = board_of(h2h("bovada", 150, 180, 220)).known_odds(0)
    assert await strategy.evaluate_opportunity(decision(), drawn, season()) == []


async def test_each_sport_has_ratings_of_its_own() -> None:
    hockey = replace(BOARD, events=tuple(event._replace(sport_key="icehockey_nhl") for event in BOARD.events))
    bets = await evaluate(strategy_named("elo"), hockey, season(end="2028-01-01T00:00Z"), results=RESULTS)
    assert len(bets.quotes) == 0
