"""Many sets of parameters are tried from the command line, and the best is told with its luck."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from tests.collected import TIP_OFF, Scored, Seen, look, score

Odds = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("season")


DATA = ("--source", "import", "--set", "max_quote_age_hours=99", "--set", "resamples=100")
PICKS = ("--strategy", "flat", "--grid", "pick=favourite,underdog,home,draw", *DATA)
MINE = """
from analytics.strategies.flat import FlatStrategy

class Mine(FlatStrategy):
    name = "mine"
"""


def test_a_sweep_tells_the_best_sets_and_how_far_they_are_luck(odds: Odds) -> None:
    little = ("--set", "limits.max_open_percent=1")
    ran = odds("backtest", "sweep", *PICKS, *little, "--processes", "1", "--best", "2")
    assert ran.exit_code == 0, ran.err
    text = " ".join(ran.out.split())
    assert "4 sets of parameters on" in text
    assert "what luck gives the best of as many" in text
    assert "decisions about" in text
    assert "of the best set not placed: the sizing, the limits or the money in hand left them no stake" in text
    assert sum(pick in ran.out for pick in ("favourite", "underdog", "home", "draw")) == 2


@pytest.fixture
async def hockey(database: Database) -> None:
    """Collect four games, a day each: two that their scores grade, one that its score does not, one without."""
    two_ways, three = {"Lakers": -110, "Celtics": -110}, {"Lakers": 145, "Celtics": 155, "Draw": 310}
    async with database.transaction() as connection:
        for day, (prices, goals) in enumerate([(two_ways, 3), (two_ways, 1), (three, 3), (two_ways, None)]):
            start = TIP_OFF + timedelta(days=day)
            game = Seen(f"game{day}", {"unibet": {"h2h": prices}}, start)
            await look(connection, start - timedelta(minutes=65), game, sport_key="icehockey_nhl")
            if goals is not None:
                ended = Scored(game.event_id, goals, 2, start)
                await score(connection, start + timedelta(hours=3), ended, sport_key="icehockey_nhl")


@pytest.mark.usefixtures("hockey")
@pytest.mark.parametrize(
    ("command", "which"),
    [
        pytest.param(("sweep",), "of the best set", id="a sweep"),
        pytest.param(("walk-forward", "--folds", "1"), "on these days", id="a walk forward"),
    ],
)
async def test_bets_that_a_known_result_does_not_grade_are_told_with_what_would(
    odds: Odds, loop_free: Callable[..., Any], command: tuple[str, ...], which: str
) -> None:
    options = ("--strategy", "flat", "--grid", "pick=home", "--min-bets", "1", "--set", "resamples=100")
    ran = await loop_free(odds, "backtest", *command, *options)
    assert ran.exit_code == 0, ran.err
    text = " ".join(ran.out.split())
    assert f"1 bet {which} without a result, in no figure" in text
    assert f"1 bet {which} that a known result does not grade, in no figure" in text
    assert "--regulation-scores and --player-results bring what the feed does not tell of games" in text


def test_its_json_has_every_set_the_best_first(odds: Odds) -> None:
    made = odds("backtest", "sweep", *PICKS, "--processes", "1", "--json").json
    ratios = [trial["sharpe"] for trial in made["trials"]]
    assert (made["tried"], len(ratios)) == (4, 4)
    assert ratios == sorted(ratios, reverse=True)


@pytest.mark.slow
def test_a_strategy_of_ones_own_is_swept_on_several_cores(odds: Odds, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE)
    picks, markets = "favourite,underdog,home,away,draw,over,under", "h2h,spreads,totals"
    sets = ("--grid", f"pick={picks}", "--grid", f"market={markets}")
    ran = odds("backtest", "sweep", "--strategy", "mine.py:Mine", *sets, *DATA, "--processes", "2", "--json")
    assert ran.exit_code == 0, ran.err
    assert (ran.json["strategy"], ran.json["tried"]) == ("mine", 21)


def test_a_walk_forward_tells_what_each_past_chose(odds: Odds) -> None:
    options = (*PICKS, "--folds", "3", "--min-bets", "5", "--processes", "1")
    made = odds("backtest", "walk-forward", *options, "--json").json
    assert [fold["past_bets"] >= 5 for fold in made["folds"]] == [True] * 3
    text = " ".join(odds("backtest", "walk-forward", *options).out.split())
    assert "bets on days that had no part in the choice" in text
    assert made["folds"][0]["first_day"] in text
    assert f"{made['quality']['decisions']:,} decisions about" in text


def test_a_walk_forward_that_could_choose_nothing_says_what_would_let_it(odds: Odds) -> None:
    options = (*PICKS, "--folds", "3", "--processes", "1")
    text = odds("backtest", "walk-forward", *options, "--min-bets", "9999").out
    assert "none: no set had enough results by then; --min-bets asks for fewer" in text
    assert "--min-bets" not in odds("backtest", "walk-forward", *options, "--min-bets", "5").out


@pytest.mark.parametrize("command", ["sweep", "walk-forward"])
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("--strategy", "flat", "--grid", "pick=lucky"), "pick: input should be", id="no such value"),
        pytest.param(
            ("--strategy", "steam", "--grid", "min_moved=2,3"), "steam cannot be swept", id="not vectorised"
        ),
        pytest.param(("--strategy", "magic", "--grid", "a=1"), "the strategies are", id="no such strategy"),
    ],
)
def test_a_mistake_is_one_line(odds: Odds, command: str, arguments: tuple[str, ...], told: str) -> None:
    ran = odds("backtest", command, *arguments, *DATA)
    assert (ran.exit_code, ran.out) == (1, "")
    assert told in ran.err
    assert "Traceback" not in ran.err
