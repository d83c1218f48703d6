"""What a person can get wrong: one clear line in the log, a failure that alarms see, and a chain that goes on."""

import asyncio
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.lambda_runtime.stack import Stack

NOWHERE = "127.0.0.1:1"
NO_DATABASE = {"DATABASE_URL_PARAMETER": "", "DATABASE_URL": f"postgresql://me:sesame@{NOWHERE}/odds"}

of_a_setting = pytest.mark.parametrize(
    ("variables", "fault"),
    [
        pytest.param({"ODDS_API_KEY_PARAMETER": ""}, "ODDS_API_KEY is not set", id="no key"),
        pytest.param(
            {"ODDS_API_BASE_URL": "ftp://feed"}, "ODDS_API_BASE_URL: expected an https", id="a wrong URL"
        ),
        pytest.param({"SPORTS": "Basket Ball"}, "SPORTS='Basket Ball': expected sport keys", id="no sport key"),
    ],
)
of_a_run = pytest.mark.parametrize(
    ("variables", "fault"),
    [
        pytest.param(
            {"ODDS_API_BASE_URL": f"http://{NOWHERE}"}, f"from {NOWHERE}: Connect call", id="no feed there"
        ),
        pytest.param(NO_DATABASE, f"cannot connect to database odds at {NOWHERE}", id="no database there"),
        pytest.param(
            {"SPORTS": "basketball_moon"}, "basketball_moon/events with 404 UNKNOWN_SPORT", id="no such sport"
        ),
    ],
)


async def failed(deployed: "Stack", variables: dict[str, str], fault: str) -> None:
    """Run a function with wrong settings; see that it fails, and says why in one line."""
    function = deployed.function("fetch-odds", variables, timeout=60)
    answer = await function.invoke()
    assert answer.error is not None
    [line] = [line for line in function.lines if line.get("level") == "ERROR"]
    assert fault in line["errorMessage"]
    assert "sesame" not in function.output


async def goes_on_once_mended(deployed: "Stack") -> None:
    """Beat as it is with the settings mended, and let the next run come."""
    assert (await deployed.function("heartbeat").invoke()).error is None
    deployed.clock.set_to(deployed.armed()["fetch-odds"])
    mended = deployed.another("handlers.functions.fetch_odds")
    answer = await mended.invoke(deployed.input_of("fetch-odds"))
    assert answer.error is None, answer.error
    assert deployed.sport_key in answer.payload


@pytest.mark.slow
@of_a_setting
async def test_a_wrong_setting_fails_the_invocation_and_a_heartbeat_goes_on_once_it_is_mended(
    deployed: "Stack", variables: dict[str, str], fault: str
) -> None:
    await failed(deployed, variables, fault)
    await goes_on_once_mended(deployed)


@pytest.mark.slow
@of_a_run
async def test_a_run_that_cannot_do_its_work_is_measured_as_failed_and_followed_by_another(
    deployed: "Stack", variables: dict[str, str], fault: str
) -> None:
    await failed(deployed, variables, fault)
    [measured] = [line for line in deployed.functions["fetch-odds"].lines if "_aws" in line]
    assert measured["RunFailed"] == 1
    assert "fetch-odds" in deployed.armed()
    await goes_on_once_mended(deployed)


async def test_a_bookmaker_that_the_feed_has_retired_is_told_and_the_others_are_stored(deployed: "Stack") -> None:
    function = deployed.function("fetch-odds", {"BOOKMAKERS": "draftkings,retired_book"})
    assert (await function.invoke()).error is None
    [line] = [line for line in function.lines if line.get("level") == "warning"]
    assert "the feed does not offer bookmaker retired_book" in line["reason"]
    [measured] = [line for line in function.lines if "KeysRefused" in line]
    assert (measured["job"], measured["KeysRefused"]) == ("fetch-odds", 1)
    assert await deployed.query("SELECT DISTINCT key FROM core_betting.bookmakers") == [("draftkings",)]
    issues = "SELECT description FROM operational.data_quality_logs WHERE description LIKE '%retired_book%'"
    assert await deployed.query(issues)
    assert "fetch-odds" in deployed.armed()


@pytest.mark.slow
async def test_while_everything_is_wrong_no_heartbeat_is_measured_which_is_what_alarms_wait_for(
    deployed: "Stack",
) -> None:
    heartbeat = deployed.function("heartbeat", {"ODDS_API_KEY_PARAMETER": ""})
    answer = await asyncio.wait_for(heartbeat.invoke(), 60)
    assert answer.error is not None
    assert [line for line in heartbeat.lines if "_aws" in line] == []
