"""What players did is read from a file, and what is wrong in it is told with its line."""

from pathlib import Path

import pytest

from analytics.backtesting.grading import PlayerNumber
from analytics.backtesting.player_results import read_player_results
from core.errors import ConfigurationError

HEADER = "event_id,market_key,player,number\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "players.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_line_tells_what_a_player_did(tmp_path: Path) -> None:
    text = (
        HEADER + "e1,player_points,LeBron James,27\ne1,player_assists,LeBron James,0\ne2,player_points,Nobody,\n"
    )
    assert read_player_results(written(tmp_path, text)) == {
        "e1": {
            ("player_points", "LeBron James"): PlayerNumber(27),
            ("player_assists", "LeBron James"): PlayerNumber(0),
        },
        "e2": {("player_points", "Nobody"): PlayerNumber(None)},
    }


def test_columns_may_stand_in_any_order_beside_others_and_lines_come_twice(tmp_path: Path) -> None:
    text = (
        "\ufeffteam,number,player,market_key,event_id\n" + 2 * "LAL,27,LeBron James,player_points_alternate,e1\n"
    )
    found = read_player_results(written(tmp_path, text))
    assert found == {"e1": {("player_points", "LeBron James"): PlayerNumber(27)}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "event_id,player,number\n", "no column market_key: event_id, market_key, player", id="a column"
        ),
        pytest.param("", "no column event_id", id="nothing at all"),
        pytest.param(HEADER + "e1,player_points,A,27.5\n", "line 2: 27.5 is no number: a whole one", id="a part"),
        pytest.param(HEADER + "e1,player_points,A,many\n", "line 2: many is no number", id="a word"),
        pytest.param(HEADER + "e1,h2h,A,1\n", "line 2: h2h is no market of a player's", id="a market of the game"),
        pytest.param(HEADER + ",player_points,A,1\n", "line 2: no event that A played in", id="no event"),
        pytest.param(HEADER + "e1,player_points\n", "line 2: player_points is no market", id="a short line"),
        pytest.param(
            HEADER + "e1,player_points,A,1\ne1,player_points,A,2\n",
            "line 3: another number than before of A, player_points",
            id="two numbers",
        ),
    ],
)
def test_what_is_not_understood_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        read_player_results(written(tmp_path, text))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none.csv: cannot be read: No such file or directory$"):
        read_player_results(tmp_path / "none.csv")
