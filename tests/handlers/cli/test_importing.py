"""`odds import football-data`: whole seasons or nothing, and one line for a mistake."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Odds = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("own_database")

FILE = """Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,PSH,PSD,PSA,PSCH,PSCD,PSCA
E0,17/08/2024,Ipswich,Liverpool,0,2,8.18,5.84,1.34,8.14,6.09,1.34
"""


def test_a_season_is_imported_once(odds: Odds, tmp_path: Path) -> None:
    (tmp_path / "E0.csv").write_text(FILE)
    ran = odds("import", "football-data", "E0.csv")
    assert ran.exit_code == 0, ran.err
    assert ran.out == (
        "E0.csv: 1 matches of soccer_epl, 2024-08-17 to 2024-08-17, by 1 bookmakers; 2 snapshots, 5 quotes and 1"
        " results are new. 1 are taken to start at 15:00 UK time.\n"
        "backtest them with --source import, at their close with --decide-at 0\n"
    )
    assert "all of it was there already" in odds("import", "football-data", "E0.csv").out
    [report] = odds("import", "football-data", "E0.csv", "--json").json
    assert (report["matches"], report["snapshots"]) == (1, 0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(None, "E0.csv: cannot be read: No such file", id="no file"),
        pytest.param("a,b\n1,2\n", "E0.csv, line 1: no column Div", id="another kind of file"),
        pytest.param(FILE.replace("6.09", "6,09"), "cells, where the header has", id="a decimal comma"),
        pytest.param(
            FILE.replace("1.34\n", "-294\n"), "column PSCA: '-294' is not decimal odds", id="no decimals"
        ),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_imported(
    odds: Odds, tmp_path: Path, text: str | None, told: str
) -> None:
    (tmp_path / "sound.csv").write_text(FILE)
    if text is not None:
        (tmp_path / "E0.csv").write_text(text)
    ran = odds("import", "football-data", "sound.csv", "E0.csv")
    assert (ran.exit_code, ran.out) == (1, "")
    assert told in ran.err
    assert "Traceback" not in ran.err
    assert odds("import", "football-data", "sound.csv", "--json").json[0]["snapshots"] == 2


def test_the_help_says_what_counts_as_known_when(odds: Odds) -> None:
    told = " ".join(odds("import", "football-data", "--help").out.split())
    assert "a minute before the start" in told
    assert "rounded to a whole number" in told
