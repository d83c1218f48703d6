from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.feed import errors
from core.feed.failures import failure_of
from core.feed.values import CreditReading, FeedAnswer


def answer(status: int, body: object, *, remaining: int | None = 480, **parameters: str) -> FeedAnswer:
    return FeedAnswer(
        endpoint="/v4/sports/basketball_nba/odds",
        parameters=parameters,
        status=status,
        headers={},
        body=body if isinstance(body, bytes) else orjson.dumps(body),
        credits=CreditReading(remaining, 20, 0),
        received_at=datetime(2026, 1, 10, tzinfo=UTC),
        duration_ms=1.0,
    )


def refusal(code: str | None, message: str = "No.") -> dict[str, Any]:
    return {"message": message, "error_code": code} if code else {"message": message}


def test_a_good_answer_is_no_failure() -> None:
    assert failure_of(answer(200, [])) is None


@pytest.mark.parametrize("body", [b"<html>bad gateway</html>", b"", b'[{"id": "e1"', b"\xff"])
def test_a_page_that_is_no_json_and_cost_nothing_may_pass(body: bytes) -> None:
    page = answer(200, body)
    failure = failure_of(page)
    assert isinstance(failure, errors.FeedUnavailableError)
    assert (failure.answer, failure.was_charged) == (page, False)


@pytest.mark.parametrize("body", [b"[]", b"null", b'{"events": []}'])
def test_json_is_the_feeds_own_answer_whatever_it_says(body: bytes) -> None:
    assert failure_of(answer(200, body)) is None


def test_a_page_that_was_paid_for_is_no_outage() -> None:
    page = answer(200, b"<html>")
    assert failure_of(replace(page, credits=CreditReading(480, 20, 1))) is None


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        pytest.param(401, "INVALID_KEY", errors.InvalidKeyError, id="an unknown key"),
        pytest.param(401, "MISSING_KEY", errors.InvalidKeyError, id="no key"),
        pytest.param(403, "DEACTIVATED_KEY", errors.InvalidKeyError, id="the code counts, not the status"),
        pytest.param(401, "OUT_OF_USAGE_CREDITS", errors.QuotaExhaustedError, id="no credits left"),
        pytest.param(429, "OUT_OF_USAGE_CREDITS", errors.QuotaExhaustedError, id="no credits left, as a 429"),
        pytest.param(404, "UNKNOWN_SPORT", errors.UnknownSportError, id="an unknown sport"),
        pytest.param(422, "INVALID_SPORT", errors.UnknownSportError, id="an invalid sport"),
        pytest.param(404, "EVENT_NOT_FOUND", errors.EventNotFoundError, id="an event that is over"),
        pytest.param(429, "EXCEEDED_FREQ_LIMIT", errors.FeedUnavailableError, id="too many requests"),
        pytest.param(403, "EXCEEDED_FREQ_LIMIT", errors.FeedUnavailableError, id="too many requests, as a 403"),
        pytest.param(
            401, "HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN", errors.FeedRejectedError, id="a paid endpoint"
        ),
        pytest.param(422, "A_CODE_OF_TOMORROW", errors.FeedRejectedError, id="an unknown code"),
        pytest.param(503, "A_CODE_OF_TOMORROW", errors.FeedUnavailableError, id="an unknown code of a fault"),
        pytest.param(401, None, errors.InvalidKeyError, id="401 without a code"),
        pytest.param(404, None, errors.FeedRejectedError, id="404 without a code"),
        pytest.param(422, None, errors.FeedRejectedError, id="422 without a code"),
        pytest.param(429, None, errors.FeedUnavailableError, id="429 without a code"),
        pytest.param(500, None, errors.FeedUnavailableError, id="500 without a code"),
        pytest.param(204, None, errors.FeedRejectedError, id="no content"),
    ],
)
def test_an_error_is_told_by_its_code_and_else_by_its_status(
    status: int, code: str | None, expected: type[errors.FeedError]
) -> None:
    refused = answer(status, refusal(code))
    error = failure_of(refused)
    assert type(error) is expected
    assert error.answer is refused


def test_a_401_without_a_code_or_credits_is_an_exhausted_quota() -> None:
    error = failure_of(answer(401, refusal(None), remaining=0))
    assert isinstance(error, errors.QuotaExhaustedError)
    assert error.remaining == 0


@pytest.mark.parametrize(
    ("message", "named"),
    [
        pytest.param("Invalid markets: player_pts", ("player_pts",), id="one"),
        pytest.param("Invalid markets: b_1,player_pts", ("b_1", "player_pts"), id="several, in the feed's order"),
        pytest.param(
            "Markets not supported by this endpoint: player_pts, b_1", ("player_pts", "b_1"), id="spaced"
        ),
        pytest.param(
            "Invalid markets: player_pts. See h2h at https://example.com", ("player_pts",), id="and advice"
        ),
        pytest.param("Invalid markets: ['player_pts']", ("player_pts",), id="in quotes"),
        pytest.param("Invalid markets: something_else", (), id="a key that was not asked"),
        pytest.param("h2h and player_pts do not go together", (), id="no list"),
        pytest.param("", (), id="no message"),
    ],
)
def test_refused_markets_are_read_from_the_message(message: str, named: tuple[str, ...]) -> None:
    error = failure_of(answer(422, refusal("INVALID_MARKET", message), markets="b_1,h2h,player_pts"))
    assert isinstance(error, errors.InvalidMarketError)
    assert error.market_keys == named


def test_refused_bookmakers_are_read_from_the_message() -> None:
    body = refusal("INVALID_BOOKMAKERS", "Invalid bookmakers: circasports")
    error = failure_of(answer(422, body, bookmakers="circasports,fanduel"))
    assert isinstance(error, errors.InvalidBookmakersError)
    assert error.bookmaker_keys == ("circasports",)


def test_the_text_names_the_endpoint_the_status_the_code_and_what_the_feed_said() -> None:
    error = failure_of(answer(404, refusal("UNKNOWN_SPORT", "Unknown sport")))
    assert str(error) == "the feed answered /v4/sports/basketball_nba/odds with 404 UNKNOWN_SPORT: Unknown sport"


def test_a_redirect_is_named_as_one() -> None:
    error = failure_of(answer(301, b""))
    assert isinstance(error, errors.FeedRejectedError)
    assert "redirected" in str(error)


@given(
    status=st.integers(201, 599),
    body=st.binary(max_size=60) | st.from_type(dict[str, str | None]).map(orjson.dumps),
)
def test_any_answer_but_a_good_one_is_a_feed_error(status: int, body: bytes) -> None:
    assert isinstance(failure_of(answer(status, body)), errors.FeedError)
