import pytest

from core.errors import LinekeeperError
from core.feed import errors


@pytest.mark.parametrize(
    "leaf",
    [
        errors.InvalidKeyError,
        errors.QuotaExhaustedError,
        errors.UnknownSportError,
        errors.EventNotFoundError,
        errors.InvalidMarketError,
        errors.InvalidBookmakersError,
    ],
)
def test_a_refusal_is_never_of_the_kind_that_is_tried_again(leaf: type[errors.FeedRejectedError]) -> None:
    assert issubclass(leaf, errors.FeedRejectedError)
    assert issubclass(leaf, LinekeeperError)
    assert not issubclass(leaf, errors.FeedUnavailableError)


def test_a_payload_error_names_the_path_and_the_reason() -> None:
    error = errors.PayloadError("$[3].id", "missing")
    assert str(error) == "the feed's answer does not fit its contract at $[3].id: missing"
    assert (error.path, error.reason, error.answer) == ("$[3].id", "missing", None)


def test_an_exhausted_quota_without_an_answer_says_nothing_of_what_is_left() -> None:
    error = errors.QuotaExhaustedError("used up", status=401, error_code="OUT_OF_USAGE_CREDITS")
    assert error.remaining is None
