"""The feed's refusals: an HTTP status and a JSON body with a message, an error code and a link."""

import orjson

_GUIDE = "https://the-odds-api.com/liveapi/guides/v4/api-error-codes.html"


class RefusalError(Exception):
    """A request that the feed refuses; it costs nothing."""

    def __init__(self, status: int, error_code: str, message: str) -> None:
        super().__init__(f"{error_code}: {message}")
        self.status = status
        self.body = refusal_body(error_code, message)


def refusal_body(error_code: str, message: str) -> bytes:
    """Return the body of a refusal, with the newline that the feed ends it with."""
    anchor = error_code.lower().replace("_", "-")
    body = {"message": message, "error_code": error_code, "details_url": f"{_GUIDE}#{anchor}"}
    return orjson.dumps(body) + b"\n"


def missing_key() -> RefusalError:
    """Refuse a request without an API key."""
    return RefusalError(401, "MISSING_KEY", "API key is missing. Get an API key at https://the-odds-api.com")


def invalid_key() -> RefusalError:
    """Refuse a request with another API key."""
    return RefusalError(401, "INVALID_KEY", "API key is not valid. Get an API key at https://the-odds-api.com")


def out_of_credits() -> RefusalError:
    """Refuse a request that the credits left do not cover."""
    message = "Usage quota has been reached. See usage plans at https://the-odds-api.com"
    return RefusalError(401, "OUT_OF_USAGE_CREDITS", message)


def too_frequent() -> RefusalError:
    """Refuse a request over the rate limit."""
    message = "Requests are too frequent. Please retry after a couple of seconds."
    return RefusalError(429, "EXCEEDED_FREQ_LIMIT", message)


def unknown_sport() -> RefusalError:
    """Refuse a sport key that the feed does not have."""
    return RefusalError(404, "UNKNOWN_SPORT", "Unknown sport")


def event_not_found() -> RefusalError:
    """Refuse an event that is over or never was."""
    message = "Event not found. The event may have expired or the event id is invalid."
    return RefusalError(404, "EVENT_NOT_FOUND", message)


def invalid(error_code: str, message: str) -> RefusalError:
    """Refuse a parameter."""
    return RefusalError(422, error_code, message)
