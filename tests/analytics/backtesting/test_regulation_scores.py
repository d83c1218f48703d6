"""Scores of regulation time are read from a file, and what is wrong in it is told with its line."""

from pathlib import Path

import pytest

from analytics.backtesting.history import Score
from analytics.backtesting.regulation_scores import read_regulation_scores
from core.errors import ConfigurationError

HEADER = "event_id,home_score,away_score\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "regulation.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_line_tells_the_score_of_a_game(tmp_path: Path) -> None:
    found = read_regulation_scores(written(tmp_path, HEADER + "e1,2,2\ne2,0,1\ne1,2,2\n"))
    assert found == {"e1": Score(2, 2), "e2": Score(0, 1)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "event_id,home_score\n", "no column away_score: event_id, home_score, away_score", id="a column"
        ),
        pytest.param(
            HEADER + "e1,2,2\ne2,2\n", "line 3: e2, 2, no score: an event and two whole", id="a short line"
        ),
        pytest.param(HEADER + "e1,2.5,2\n", "line 2: e1, 2.5, 2: an event and two whole numbers", id="a part"),
        pytest.param(HEADER + "e1,-1,2\n", "line 2: e1, -1, 2", id="a negative one"),
        pytest.param(HEADER + ",2,2\n", "line 2: no event, 2, 2", id="no event"),
        pytest.param(HEADER + "e1,2,2\ne1,2,1\n", "line 3: another score than before of e1", id="two scores"),
    ],
)
def test_what_is_not_understood_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        read_regulation_scores(written(tmp_path, text))
