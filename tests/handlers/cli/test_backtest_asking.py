"""The options that commands share are read once, and stand beside each command's own."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

from analytics.backtesting.grading import PlayerNumber
from core.errors import ConfigurationError
from handlers.cli.backtest_asking import Asked, asking

Odds = Callable[..., Any]


def test_a_command_gets_what_is_asked_beside_its_own_options() -> None:
    app, seen = typer.Typer(), []

    @app.command()
    @asking
    def command(asked: Asked, *, times: Annotated[int, typer.Option()], loudly: bool = False) -> None:
        """Remember what is asked."""
        seen.append((asked, times, loudly))

    given = ["--strategy", "flat", "--times", "2", "--sport", "a", "--sport", "b", "-p", "pick=home", "--loudly"]
    assert CliRunner().invoke(app, given).exit_code == 0
    assert seen == [(Asked(strategy="flat", sports=["a", "b"], parameters=["pick=home"]), 2, True)]
    assert CliRunner().invoke(app, ["--strategy", "flat"]).exit_code == 2


def test_a_setting_that_cannot_be_read_is_refused_at_once() -> None:
    with pytest.raises(ConfigurationError, match="--stake half"):
        Asked(strategy="flat", stake="half")


def test_what_players_did_is_read_from_the_file_that_is_named(tmp_path: Path) -> None:
    file = tmp_path / "players.csv"
    file.write_text("event_id,market_key,player,number\ne1,player_points,A,3\n")
    assert Asked(strategy="flat", player_results=file).players() == {
        "e1": {("player_points", "A"): PlayerNumber(3)}
    }
    assert Asked(strategy="flat").players() == {}


@pytest.mark.parametrize(
    "command", [("run",), ("sweep", "--grid", "pick=home"), ("walk-forward", "--grid", "pick=home")]
)
def test_a_file_of_players_that_cannot_be_read_is_told(odds: Odds, command: tuple[str, ...]) -> None:
    ran = odds("backtest", *command, "--strategy", "flat", "--player-results", "none.csv")
    assert (ran.exit_code, ran.out) == (1, "")
    assert "none.csv: cannot be read: " in ran.err
