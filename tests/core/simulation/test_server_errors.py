import orjson
import pytest

from core.simulation import server_errors
from core.simulation.server_errors import RefusalError


def test_a_refusal_has_the_feeds_three_fields_and_ends_in_a_newline() -> None:
    refusal = server_errors.out_of_credits()
    assert refusal.body.endswith(b"}\n")
    assert orjson.loads(refusal.body) == {
        "message": "Usage quota has been reached. See usage plans at https://the-odds-api.com",
        "error_code": "OUT_OF_USAGE_CREDITS",
        "details_url": "https://the-odds-api.com/liveapi/guides/v4/api-error-codes.html#out-of-usage-credits",
    }


@pytest.mark.parametrize(
    ("refusal", "status", "error_code"),
    [
        (server_errors.missing_key(), 401, "MISSING_KEY"),
        (server_errors.invalid_key(), 401, "INVALID_KEY"),
        (server_errors.out_of_credits(), 401, "OUT_OF_USAGE_CREDITS"),
        (server_errors.unknown_sport(), 404, "UNKNOWN_SPORT"),
        (server_errors.event_not_found(), 404, "EVENT_NOT_FOUND"),
        (server_errors.invalid("INVALID_REGION", "Invalid regions: moon"), 422, "INVALID_REGION"),
        (server_errors.too_frequent(), 429, "EXCEEDED_FREQ_LIMIT"),
    ],
)
def test_each_refusal_has_its_status(refusal: RefusalError, status: int, error_code: str) -> None:
    assert refusal.status == status
    assert orjson.loads(refusal.body)["error_code"] == error_code
