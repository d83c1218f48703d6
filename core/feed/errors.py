"""What can go wrong between linekeeper and the feed; whether to try again is a matter of type.

FeedError
├── FeedUnavailableError        429, 5xx, timeouts, a connection that breaks, a proxy's page: may pass, tried again
├── FeedRejectedError           the feed said no: never tried again
│   ├── InvalidKeyError
│   ├── QuotaExhaustedError     the credits are used up until the feed resets them
│   ├── UnknownSportError
│   ├── EventNotFoundError
│   ├── InvalidMarketError      names the markets that the feed refuses
│   └── InvalidBookmakersError  names the bookmakers that the feed refuses
├── FeedUntrustedError          the server's certificate proves nothing: never tried again
├── AnswerTooLargeError         the body passes the bound on its size
└── PayloadError                the body is not the contract at all
"""

from http import HTTPStatus

from core.errors import LinekeeperError
from core.feed.values import FeedAnswer


class FeedError(LinekeeperError):
    """A request to the feed that brought nothing usable.

    `answer` is what came, with its credits, when anything came; where the body broke off or was too large, the
    answer's body is empty.
    """

    def __init__(self, message: str, *, answer: FeedAnswer | None = None) -> None:
        super().__init__(message)
        self.answer = answer

    @property
    def was_charged(self) -> bool:
        """Tell whether the request was paid for all the same: answered well, by its headers for credits."""
        answer = self.answer
        return answer is not None and answer.status == HTTPStatus.OK and bool(answer.credits.last)


class FeedUnavailableError(FeedError):
    """The feed cannot answer just now: too many requests, a fault of its own, or one on the way to it and back."""


class FeedRejectedError(FeedError):
    """The feed refused the request; asking again changes nothing. `error_code` is the feed's own, or None."""

    def __init__(
        self, message: str, *, status: int, error_code: str | None, answer: FeedAnswer | None = None
    ) -> None:
        super().__init__(message, answer=answer)
        self.status = status
        self.error_code = error_code


class InvalidKeyError(FeedRejectedError):
    """The feed does not accept the API key."""


class QuotaExhaustedError(FeedRejectedError):
    """The account's credits do not cover the request."""

    @property
    def remaining(self) -> int | None:
        """Return the credits left as the refusal's headers gave them, None where they did not."""
        return self.answer.credits.remaining if self.answer else None


class UnknownSportError(FeedRejectedError):
    """The feed does not know the sport key."""


class EventNotFoundError(FeedRejectedError):
    """The feed no longer lists the event, or never did."""


class InvalidMarketError(FeedRejectedError):
    """The feed refused the whole request because of some markets; `market_keys` are those that it named."""

    def __init__(
        self,
        message: str,
        *,
        status: int,
        error_code: str | None,
        market_keys: tuple[str, ...],
        answer: FeedAnswer | None = None,
    ) -> None:
        super().__init__(message, status=status, error_code=error_code, answer=answer)
        self.market_keys = market_keys


class InvalidBookmakersError(FeedRejectedError):
    """The feed refused the whole request because of some bookmakers; `bookmaker_keys` are those that it named."""

    def __init__(
        self,
        message: str,
        *,
        status: int,
        error_code: str | None,
        bookmaker_keys: tuple[str, ...],
        answer: FeedAnswer | None = None,
    ) -> None:
        super().__init__(message, status=status, error_code=error_code, answer=answer)
        self.bookmaker_keys = bookmaker_keys


class FeedUntrustedError(FeedError):
    """The server's certificate is not one to trust with the API key."""


class AnswerTooLargeError(FeedError):
    """The answer's body passes the bound on its size and was not read to its end."""


class PayloadError(FeedError):
    """A body is not the contract at all; `path` is the JSON path of what is wrong, `reason` says what."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"the feed's answer does not fit its contract at {path}: {reason}")
        self.path = path
        self.reason = reason
