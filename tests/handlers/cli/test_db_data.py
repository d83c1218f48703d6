"""`odds db reset` and `odds db rebuild`: never by mistake, and always told."""

import asyncio
import io
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

Odds = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture
def looked(own_database: str, odds: Odds, games: Any, server: Any) -> None:
    """Look at the odds once."""
    assert odds("fetch", "current").exit_code == 0


def events(odds: Odds) -> int:
    return int(odds("status", "show", "--json").json["totals"]["events"])


@pytest.mark.usefixtures("looked")
@pytest.mark.parametrize(
    ("answer", "left"),
    [
        pytest.param("y\n", 0, id="yes deletes"),
        pytest.param("n\n", 3, id="no keeps"),
        pytest.param("\n", 3, id="so does Enter"),
        pytest.param("", 3, id="and no answer at all"),
    ],
)
def test_a_reset_asks_and_tells_what_would_be_lost(
    odds: Odds, monkeypatch: pytest.MonkeyPatch, answer: str, left: int
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    ran = odds("db", "reset")
    assert "Delete 3 events, 3 snapshots and 8 quotes" in ran.out + ran.err
    assert ran.exit_code == (0 if left == 0 else 1)
    assert events(odds) == left


@pytest.mark.usefixtures("looked")
def test_a_reset_that_was_agreed_to_leaves_an_empty_schema(odds: Odds) -> None:
    ran = odds("db", "reset", "--yes")
    assert ran.exit_code == 0
    assert ran.out.startswith("Deleted 3 events")
    assert events(odds) == 0


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        pytest.param({}, "db.example.com:5432 is not on this machine", id="elsewhere, and nothing said"),
        pytest.param({"DATABASE_ENVIRONMENT": "production"}, "DATABASE_ENVIRONMENT says so", id="said to be"),
    ],
)
@pytest.mark.parametrize(
    "command", [("db", "reset", "--yes"), ("demo",)], ids=["a reset", "a demo's own database"]
)
def test_what_is_productions_is_never_dropped(
    odds: Odds, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], reason: str, command: tuple[str]
) -> None:
    for name, value in {"DATABASE_URL": "postgresql://me:sesame@db.example.com/odds", **variables}.items():
        monkeypatch.setenv(name, value)
    ran = odds(*command)
    assert ran.exit_code == 1
    assert "production, which this counts as, refuses that" in ran.err
    assert reason in ran.err
    assert "sesame" not in ran.err


@pytest.mark.usefixtures("looked")
@pytest.mark.parametrize("environment", ["test", "local", "dev"])
def test_what_is_not_productions_can_be_reset(
    odds: Odds, monkeypatch: pytest.MonkeyPatch, environment: str
) -> None:
    monkeypatch.setenv("DATABASE_ENVIRONMENT", environment)
    assert odds("db", "reset", "--yes").exit_code == 0
    assert events(odds) == 0


@pytest.mark.usefixtures("looked")
def test_a_rebuild_of_untouched_quotes_finds_them_the_same(odds: Odds) -> None:
    ran = odds("db", "rebuild")
    assert ran.exit_code == 0
    assert "8 quotes of 3 events" in ran.out
    assert "row for row" in ran.out


@pytest.mark.usefixtures("looked")
def test_a_rebuild_tells_and_mends_what_differed(odds: Odds, own_database: str) -> None:
    async def break_a_quote() -> None:
        connection = await asyncpg.connect(own_database, ssl=False)
        await connection.execute("UPDATE core_betting.quotes SET price = 101 WHERE price = 130")
        await connection.close()

    asyncio.run(break_a_quote())
    ran = odds("db", "rebuild", "--json")
    assert ran.exit_code == 3
    assert [each["differing"] for each in ran.json["differing"]] == [2, 2]
    assert odds("db", "rebuild").exit_code == 0


def test_an_event_that_is_not_there_is_told(odds: Odds) -> None:
    ran = odds("db", "rebuild", "--event", "nothing")
    assert ran.exit_code == 1
    assert "there is no event 'nothing'" in ran.err
