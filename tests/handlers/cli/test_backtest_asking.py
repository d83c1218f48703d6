"""The options that commands share are read once, and stand beside each command's own."""

from collections.abc import Callable
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

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


@pytest.mark.parametrize("option", ["--player-results", "--regulation-scores"])
@pytest.mark.parametrize(
    "command", [("run",), ("sweep", "--grid", "pick=home"), ("walk-forward", "--grid", "pick=home")]
)
def test_a_file_of_what_the_feed_does_not_tell_that_cannot_be_read_is_told(
    odds: Odds, command: tuple[str, ...], option: str
) -> None:
    ran = odds("backtest", *command, "--strategy", "flat", option, "none.csv")
    assert (ran.exit_code, ran.out) == (1, "")
    assert "none.csv: cannot be read: " in ran.err
