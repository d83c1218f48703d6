"""The function that runs backtests, from payload to answer, with a real Postgres and an S3 of this machine."""

import asyncio
import gzip
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Any

import boto3
import orjson
import pytest
from pydantic import SecretStr

from analytics.backtesting.config import BacktestConfig
from analytics.backtesting.result import BacktestResult
from analytics.strategies.registry import STRATEGIES, strategy_named
from core.errors import ConfigurationError, DeadlineError
from handlers import backtest
from handlers.backtest_request import PART
from handlers.backtesting import run_backtest
from handlers.role_logins import let_roles_in
from handlers.runtime import CLOSING_TIME, process, secret_source
from storage.database import Database
from tests.collected import Scored, Seen, h2h, look, score, season

BUCKET = "linekeeper-results"
CONFIG = {"start": "2026-01-01T00:00:00Z", "end": "2026-09-01T00:00:00Z", "resamples": 100}
PAYLOAD: dict[str, Any] = {"strategy": "flat", "config": CONFIG}
EASY_TO_PLEASE: dict[str, dict[str, float]] = {
    "elo": {"min_games": 1, "min_edge": 0},
    "learned": {"min_games": 20, "refit_every": 5, "min_edge": 0},
}
PART_ENDS = datetime(2026, 1, 1, tzinfo=UTC) + PART
OVER_THE_END_OF_A_PART = datetime(2026, 3, 12, 20, tzinfo=UTC)
TWO_SEASONS = (datetime(2026, 1, 10, 20, tzinfo=UTC), datetime(2026, 6, 10, 20, tzinfo=UTC))
ASKED_BEFORE_THE_SECOND_PART = 4
"""For the deadline, at both ends of the first part, and whether there is time for another."""

Invoke = Callable[..., Awaitable[Mapping[str, Any]]]


class Context:
    """An invocation that has so many seconds each time that it asks, the last for ever."""

    def __init__(self, *seconds: float) -> None:
        """Take what it has left, one answer after the other."""
        self._seconds = list(seconds)

    def get_remaining_time_in_millis(self) -> int:
        """Return what is left."""
        seconds = self._seconds.pop(0) if len(self._seconds) > 1 else self._seconds[0]
        return int(seconds * 1000)


@pytest.fixture
def fresh_process() -> Iterator[None]:
    """Forget what another test's process kept."""
    process.cache_clear()
    secret_source.cache_clear()
    yield
    process.cache_clear()
    secret_source.cache_clear()


@pytest.fixture
async def invoke(
    fresh_process: None, empty_aws: str, database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Invoke:
    """Return what invokes the function as its role, where some games were collected, without a key of the feed."""
    urls: dict[str, SecretStr] = {}

    async def keep(role: str, url: SecretStr) -> None:
        urls[role] = url

    await let_roles_in(database, SecretStr(database_url), keep, {})
    async with database.transaction() as connection:
        await season(connection, days=3, first=TWO_SEASONS[0])
    for name, value in {
        "AWS_ENDPOINT_URL": empty_aws,
        "DATABASE_URL": urls["backtest"].get_secret_value(),
        "RESULTS_BUCKET": BUCKET,
    }.items():
        monkeypatch.setenv(name, value)
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket=BUCKET)

    async def run(payload: Any, context: Context | None = None) -> Mapping[str, Any]:
        return await asyncio.to_thread(backtest.handler, payload, context or Context(900))

    return run


def kept(where: str) -> Any:
    """Return the JSON at an address in S3."""
    bucket, _, key = where.removeprefix("s3://").partition("/")
    body = boto3.client("s3", region_name="us-east-1").get_object(Bucket=bucket, Key=key)["Body"].read()
    return orjson.loads(gzip.decompress(body))


async def test_the_answer_sums_the_run_up_and_s3_keeps_all_of_it(invoke: Invoke, database: Database) -> None:
    answer = await invoke(PAYLOAD)
    assert (answer["status"], answer["metrics"]["bets"], answer["quality"]["decided"]) == ("finished", 3, 3)
    assert "bets" not in answer
    assert answer["result"] == f"s3://{BUCKET}/results/{answer['run']}/result.json"
    whole = await run_backtest(database, strategy_named("flat"), BacktestConfig.model_validate(CONFIG))
    assert BacktestResult.model_validate(kept(answer["result"])) == whole


async def test_a_dry_run_says_what_it_would_read_and_keeps_nothing(invoke: Invoke) -> None:
    answer = await invoke({**PAYLOAD, "dry_run": True})
    assert answer == {
        "status": "dry run",
        "refused": None,
        "games": 3,
        "decisions": 3,
        "left_out": {"listed_late": 0, "cancelled": 0, "refused": 0},
        "hours_before": [1.0],
        "markets": ["h2h"],
        "sources": ["live"],
        "unknown_events": [],
        "parts": 3,
    }
    assert boto3.client("s3", region_name="us-east-1").list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


async def test_a_payload_brings_the_scores_that_grade_what_the_feed_does_not(
    invoke: Invoke, database: Database
) -> None:
    priced = {"unibet": {"h2h": {"Lakers": 145, "Celtics": 155, "Draw": 310}}}
    async with database.transaction() as connection:
        for number, start in enumerate(TWO_SEASONS):
            game = Seen(f"hockey{number}", priced, start)
            await look(connection, start - timedelta(minutes=65), game, sport_key="icehockey_nhl")
            ended = Scored(game.event_id, 3, 2, start)
            await score(connection, start + timedelta(hours=3), ended, sport_key="icehockey_nhl")
    scores = [{"event_id": name, "home_score": 2, "away_score": 2} for name in ("hockey0", "hockey1", "hokey2")]
    hockey = {**CONFIG, "sports": ["icehockey_nhl"]}
    draws = {**PAYLOAD, "parameters": {"pick": "draw"}, "config": hockey}
    ungraded = await invoke(draws)
    assert (ungraded["metrics"]["bets"], ungraded["quality"]["untold"]) == (0, 2)
    begun = await invoke({**draws, "regulation_scores": scores}, Context(900, 900, 30))
    told = await invoke(begun["invoke_again_with"])
    assert [bet["grade"] for bet in kept(told["result"])["bets"]] == ["win", "win"]
    assert told["metrics"]["profit"] == pytest.approx(2 * 310)
    assert (told["quality"]["brought"], told["unknown_events"]) == (2, ["hokey2"])


@pytest.mark.parametrize("name", ["flat", "elo", "learned"])
async def test_a_run_that_takes_longer_than_an_invocation_goes_on_where_its_answer_tells(
    invoke: Invoke, database: Database, name: str
) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed: what learns needs it")
    await games_with_a_laggard(database, OVER_THE_END_OF_A_PART)
    async with database.transaction() as connection:
        await season(connection, days=2, first=TWO_SEASONS[1])
    parameters = EASY_TO_PLEASE.get(name, {})
    payload = {**PAYLOAD, "strategy": name, "parameters": parameters}
    answers: list[Mapping[str, Any]] = []
    while not answers or answers[-1]["status"] == "unfinished":
        answers.append(await invoke(payload, Context(900, 900, 30)))
        payload = answers[-1].get("invoke_again_with", payload)
    assert [answer.get("parts_done") for answer in answers] == [1, 2, 3, None]
    assert len({answer["run"] for answer in answers}) == 1
    whole = await run_backtest(database, strategy_named(name, parameters), BacktestConfig.model_validate(CONFIG))
    assert {bet.decided_at > PART_ENDS for bet in whole.bets} == {False, True}
    assert BacktestResult.model_validate(kept(answers[-1]["result"])) == whole


@pytest.mark.parametrize("name", STRATEGIES)
async def test_every_strategy_does_in_the_function_what_it_does_in_a_run_at_once(
    invoke: Invoke, database: Database, name: str
) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed: what learns needs it")
    await games_with_a_laggard(database, OVER_THE_END_OF_A_PART)
    parameters = EASY_TO_PLEASE.get(name, {})
    answer = await invoke({**PAYLOAD, "strategy": name, "parameters": parameters})
    whole = await run_backtest(database, strategy_named(name, parameters), BacktestConfig.model_validate(CONFIG))
    assert len(whole.bets) > 5
    assert BacktestResult.model_validate(kept(answer["result"])) == whole


async def games_with_a_laggard(database: Database, first: datetime, days: int = 36) -> None:
    """Store a game a day, over the end of a part: all bookmakers but one turn to one side before the decision."""
    async with database.transaction() as connection:
        for day in range(days):
            start, event_id = first + timedelta(days=day), f"laggard{day}"
            turned = h2h(-150, 125) if day % 2 else h2h(125, -150)
            at_first = dict.fromkeys(("pinnacle", "fanduel", "betmgm", "bovada", "draftkings"), h2h(-108, -108))
            later = {**dict.fromkeys(at_first, turned), "draftkings": at_first["draftkings"]}
            await look(connection, start - timedelta(hours=6), Seen(event_id, at_first, start))
            await look(connection, start - timedelta(minutes=65), Seen(event_id, later, start))
            home = 110 if day % 5 else 100
            await score(connection, start + timedelta(hours=3), Scored(event_id, home, 105, start))


async def test_going_on_with_another_payload_is_refused(invoke: Invoke) -> None:
    unfinished = await invoke(PAYLOAD, Context(900, 900, 30))
    again = {**unfinished["invoke_again_with"], "parameters": {"pick": "underdog"}}
    with pytest.raises(ConfigurationError, match="was asked otherwise"):
        await invoke(again)


@pytest.mark.parametrize(
    ("strategy", "part"),
    [
        pytest.param("elo", {}, id="nothing that it remembers"),
        pytest.param("flat", {"part": {"first": None, "prospects": []}}, id="less than a part"),
        pytest.param("elo", {"memory": {"games": 1}}, id="what it remembers otherwise"),
    ],
)
async def test_a_run_that_another_version_began_is_to_be_run_anew(
    invoke: Invoke, strategy: str, part: dict[str, Any]
) -> None:
    unfinished = await invoke({**PAYLOAD, "strategy": strategy}, Context(900, 900, 30))
    again = unfinished["invoke_again_with"]
    client, key = boto3.client("s3", region_name="us-east-1"), f"results/{unfinished['run']}/part-001.json"
    found = {**kept(f"s3://{BUCKET}/{key}"), **part}
    if not part:
        del found["memory"]
    client.put_object(Bucket=BUCKET, Key=key, Body=gzip.compress(orjson.dumps(found)))
    with pytest.raises(ConfigurationError, match="begun by another version of this function: run it anew"):
        await invoke(again)


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        pytest.param({**PAYLOAD, "strategy": "mine.py:Mine"}, "no strategy 'mine.py:Mine'", id="a file"),
        pytest.param({**PAYLOAD, "parameters": {"pick": "winner"}}, "parameters of flat: pick", id="a parameter"),
        pytest.param({**PAYLOAD, "extra": 1}, "extra: there is no such field", id="a field that is none"),
    ],
)
async def test_s5_a_bad_payload_is_refused_before_anything_runs(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, payload: dict[str, Any], said: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    with pytest.raises(ConfigurationError, match=said):
        await invoke(payload)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"config": {**CONFIG, "bookmakers": ["pinacle"]}}, "^bookmaker pinacle: no odds"),
        ({"strategy": "expected_value", "parameters": {"sharp": ["pinacle"]}}, "^parameter sharp: bookmaker pin"),
        ({"config": {**CONFIG, "start": "2026-08-01T00:00Z"}}, "^start 2026-08-01 .* odds of any sport are from"),
    ],
    ids=["a bookmaker", "a bookmaker in a parameter", "a time"],
)
async def test_what_has_no_odds_is_told(invoke: Invoke, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told) as refused:
        await invoke({**PAYLOAD, **changes})
    assert (await invoke({**PAYLOAD, **changes, "dry_run": True}))["refused"] == str(refused.value)


async def test_without_a_bucket_nothing_runs(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESULTS_BUCKET")
    with pytest.raises(ConfigurationError, match="RESULTS_BUCKET is not set"):
        await invoke(PAYLOAD)


class Overrun(Context):
    """An invocation that seems to have plenty of time, but whose second part begins at its end."""

    def __init__(self, seconds: float) -> None:
        """Take how long it has."""
        super().__init__(seconds)
        self._ends, self._asked = monotonic() + seconds, 0

    def get_remaining_time_in_millis(self) -> int:
        """Return what is left the first time, then plenty."""
        self._asked += 1
        if self._asked == ASKED_BEFORE_THE_SECOND_PART:
            sleep(max(self._ends - monotonic(), 0))
        return super().get_remaining_time_in_millis() if self._asked == 1 else 900_000


async def test_a_later_part_that_outlasts_the_invocation_leaves_what_was_kept_before_it(
    invoke: Invoke, database: Database
) -> None:
    answer = await invoke(PAYLOAD, Overrun(CLOSING_TIME.total_seconds() + 6))
    assert (answer["status"], answer["parts_done"]) == ("unfinished", 1)
    finished = await invoke(answer["invoke_again_with"])
    whole = await run_backtest(database, strategy_named("flat"), BacktestConfig.model_validate(CONFIG))
    assert BacktestResult.model_validate(kept(finished["result"])) == whole


async def test_an_invocation_without_time_ends_by_its_deadline(invoke: Invoke) -> None:
    with pytest.raises(DeadlineError, match="did not end within 0 s"):
        await invoke(PAYLOAD, Context(timedelta(seconds=1).total_seconds()))


def test_the_function_needs_numpy_and_none_of_the_research_libraries() -> None:
    asked = "import sys, handlers.backtest; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)
    loaded = set(ran.stdout.split())
    assert "numpy" in loaded
    assert not loaded & {"pandas", "polars", "pyarrow", "plotly", "sklearn", "scipy", "typer", "alembic"}
