"""How the report of a replay reads."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers.cli.replay_view import closing_text, next_commands, show_replay
from handlers.replay_report import ClosingCoverage, ReplayReport
from storage.summary import Sizes, Totals

MADE = ReplayReport(
    sport_key="americanfootball_nfl",
    every_snapshot=False,
    first_at=datetime(2025, 9, 10, 5, tzinfo=UTC),
    last_at=datetime(2026, 2, 9, 5, tzinfo=UTC),
    totals=Totals(1268, 269, 24453, 1_000_000, 165_981, 7600, 1355, 30, 4036, 232),
    sizes=Sizes(8_000_000, 4_000_000, 25_000_000),
    statuses={"final": 269},
    runs={"failed": 890, "stored": 2863},
    closing=ClosingCoverage(269, 30, 5.0, 6.0, 30.0),
    look_cost=3,
    fixed_sampling_looks=7296,
    share_of_fixed_sampling=1268 / 7296,
    bytes_per_quote_seen=8.0,
    database_url="postgresql://linekeeper:secret@127.0.0.1:5432/linekeeper_replay",
)


def shown(made: ReplayReport, capsys: pytest.CaptureFixture[str], *, embedded: bool = True) -> str:
    show_replay(made, embedded=embedded)
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "told",
    [
        "looks 1,268, 17.4% of the 7,296 of a look every half hour",
        "credits 4,036: 3,804 for odds and 232 for results; half-hourly looks cost 21,888",
        "quotes 1,000,000 seen, 165,981 stored as changes (16.6%), 7,600 of them withdrawals",
        "bytes 8.0 per quote seen for quotes and selections, 12.0 with the rows of snapshots",
        "runs 890 failed, 2,863 stored",
        "Wed 10 Sep 05:00 2025 to Mon 9 Feb 05:00 2026",
    ],
)
def test_a_report_tells_its_figures(told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told in shown(MADE, capsys)


def test_with_every_snapshot_nothing_is_said_of_credits(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(replace(MADE, every_snapshot=True, runs={}), capsys)
    assert "answers 1,268 stored, each at its own fetch time" in text
    assert "credits" not in text


def test_the_password_of_the_embedded_server_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert "secret" not in shown(MADE, capsys)


def test_a_replay_without_a_quote_reads_too(capsys: pytest.CaptureFixture[str]) -> None:
    totals = Totals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    text = shown(replace(MADE, totals=totals, bytes_per_quote_seen=None, share_of_fixed_sampling=None), capsys)
    assert "0 seen, 0 stored" in text


@pytest.mark.parametrize(
    ("closing", "told"),
    [
        pytest.param(ClosingCoverage(0, 0, None, None, None), "0 games started", id="none started"),
        pytest.param(ClosingCoverage(2, 2, None, None, None), "none looked at", id="none looked at"),
        pytest.param(ClosingCoverage(4, 1, 5.0, 8.0, 9.0), "1 of 4 games not looked at", id="one missed"),
    ],
)
def test_a_sentence_tells_the_closes(closing: ClosingCoverage, told: str) -> None:
    assert told in closing_text(closing)


def test_a_replay_on_a_server_of_your_own_says_that_its_password_is_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "leave out your server's password" in shown(MADE, capsys, embedded=False)
    assert "leave out your server's password" not in shown(MADE, capsys)


def test_next_commands_name_a_database_of_your_own_by_its_url() -> None:
    assert all(
        "postgresql://me@db/linekeeper_replay" in one
        for one in next_commands("postgresql://me@db/linekeeper_replay")
    )
    assert all("linekeeper_replay" in one for one in next_commands(None))
