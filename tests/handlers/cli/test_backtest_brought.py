"""Files bring what the feed does not tell, and events that nobody has seen are named."""

from pathlib import Path

import pytest

from analytics.backtesting.brought import NOTHING_BROUGHT, Brought
from analytics.backtesting.grading import PlayerNumber
from analytics.backtesting.history import Score
from handlers.cli.backtest_brought import read_brought, tell_unseen
from storage.database import Database
from tests.collected import NOON, Seen, h2h, look


def test_each_file_that_is_named_is_read(tmp_path: Path) -> None:
    players, regulation = tmp_path / "players.csv", tmp_path / "regulation.csv"
    players.write_text("event_id,market_key,player,number\ne1,player_points,A,3\n")
    regulation.write_text("event_id,home_score,away_score\ne1,2,2\n")
    told = Brought({"e1": {("player_points", "A"): PlayerNumber(3)}}, {"e1": Score(2, 2)})
    assert read_brought(players, regulation) == told
    assert read_brought(None, None) == NOTHING_BROUGHT


@pytest.mark.parametrize(
    ("event_ids", "told"),
    [
        pytest.param(["seen", "x"], "1 event that the files tell of is not in the database: x", id="one is named"),
        pytest.param(
            [*"abcdefghijkl"],
            "12 events that the files tell of are not in the database: a, b, c, d, e, f, g, h, i, j and 2 more",
            id="ten are",
        ),
        pytest.param(["seen"], "", id="none of those that were seen"),
        pytest.param([], "", id="nothing without a file"),
    ],
)
async def test_events_that_are_not_in_the_database_are_named_on_the_side(
    database: Database, capsys: pytest.CaptureFixture[str], event_ids: list[str], told: str
) -> None:
    async with database.transaction() as connection:
        await look(connection, NOON, Seen("seen", {"pinnacle": h2h(-110, -110)}))
    await tell_unseen(database, Brought(regulation=dict.fromkeys(event_ids, Score(0, 0))))
    shown = capsys.readouterr()
    assert (shown.out, " ".join(shown.err.split())) == ("", told)
