from dataclasses import replace

import pytest
from rich.console import Console

from handlers.cli.demo_backtests import show_backtests
from handlers.demo_backtest import DemoBacktest

FLAT = DemoBacktest("flat", 22, 21, -564.2, -0.269, -0.0115, "-26.9 % on 21 bets may be a loss beyond bad luck.")


def test_each_strategy_is_a_line_and_its_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    sharp = replace(
        FLAT, strategy="expected_value", bets=0, profit=0.0, roi=None, mean_clv=None, verdict="No bet."
    )
    show_backtests(Console(width=80), [FLAT, sharp])
    text = " ".join(capsys.readouterr().out.split())
    assert "flat 22 21 -564 -26.9 % -1.1 %" in text
    assert "expected_value 22 0 +0 n/a n/a" in text
    assert f"flat: {FLAT.verdict}" in text


def test_without_a_bet_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    show_backtests(Console(width=80), [replace(FLAT, bets=0)])
    assert "No game was both decided and over in these days." in capsys.readouterr().out
